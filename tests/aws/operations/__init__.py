"""Operations of AWS by type of resource."""

from collections.abc import Mapping

from tests.aws.operations.alarming import ALARMING
from tests.aws.operations.balancing import BALANCING
from tests.aws.operations.cluster import CLUSTER
from tests.aws.operations.costs import COSTS
from tests.aws.operations.data import DATA
from tests.aws.operations.events import EVENTS
from tests.aws.operations.files import FILES
from tests.aws.operations.firewall import FIREWALL
from tests.aws.operations.identity import IDENTITY
from tests.aws.operations.images import IMAGES
from tests.aws.operations.machines import MACHINES
from tests.aws.operations.names import NAMES
from tests.aws.operations.network import NETWORK
from tests.aws.operations.recovery import RECOVERY
from tests.aws.operations.rules import RULES
from tests.aws.operations.shared_data import SHARED_DATA
from tests.aws.operations.storage import STORAGE
from tests.aws.operations.watching import WATCHING
from tests.aws.requests import Entry

OPERATIONS: Mapping[str, Entry] = {
    **NETWORK,
    **RULES,
    **MACHINES,
    **BALANCING,
    **NAMES,
    **CLUSTER,
    **IDENTITY,
    **DATA,
    **SHARED_DATA,
    **STORAGE,
    **FILES,
    **FIREWALL,
    **IMAGES,
    **RECOVERY,
    **WATCHING,
    **EVENTS,
    **COSTS,
    **ALARMING,
}
