"""The boot scripts of a server, run unchanged with stubs for the programs of an instance."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.components.base import recorded
from tests.parts import debian
from tests.parts.place import MissingPartError, absent

FILES = Path(__file__).parents[2] / "components" / "instances" / "files"
LOG = 'echo "$(basename "$0") $*" >>"$LOG"\n'
STANDINS = {
    "aws": """case "$*" in
*get-login-password*) echo token-of-ecr ;;
*get-secret-value*) echo '{"token": "s3cret words", "password": "other"}' ;;
esac
""",
    "blkid": "echo 1234-abcd\n",
    "curl": """case "$6" in *.sha256) printf %s "${SUM:-$(echo kubectl | sha256sum | cut -d' ' -f1)}" >"$6" ;;
*) echo kubectl >"$6" ;; esac
""",
    "dnf": "",
    "docker": """case "$1" in
login) cat >"$HOME/login" ;;
pull) exit "${PULL:-0}" ;;
run) env >"$HOME/environment" ;;
esac
""",
    "mkfs.xfs": "",
    "mount": "touch $ROOT/mounted\n",
    "mountpoint": "test -e $ROOT/mounted\n",
    "systemctl": "",
    "uname": "echo ${MACHINE:-x86_64}\n",
    "wipefs": 'printf %s "${SIGNATURE:-}"\n',
    "xfs_growfs": "",
}


class Machine:
    """A folder for a server's root."""

    def __init__(self, folder: Path, instance: str) -> None:
        self.root = folder / "root"
        self.log = folder / "log"
        self.log.touch()
        programs = folder / "programs"
        programs.mkdir()
        for name, body in STANDINS.items():
            program = programs / name
            program.write_text(f"#!/bin/bash\n{LOG}{body}")
            program.chmod(0o755)
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "ROOT": str(self.root),
            "LOG": str(self.log),
            "HOME": str(folder),
            "WAIT": "0",
            "TRIES": "2",
            "CONTAINERS": str(self.root / "etc/platform/containers"),
        }
        text = recorded("servers").inputs("aws:ec2/instance:Instance", f"instance-{instance}")["userData"]
        self.commands: list[list[str]] = []
        document = json.loads(text.partition("\n")[2])
        for file in document["write_files"]:
            path = self.root / file["path"].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file["content"])
            path.chmod(int(file["permissions"], 8))
        self.commands = document["runcmd"]
        self.home = folder

    def attach(self) -> Path:
        """The data volume appears."""
        volume = recorded("servers").inputs("aws:ec2/volumeAttachment:VolumeAttachment")["volumeId"]
        device = self.root / "dev" / "disk" / "by-id" / f"nvme-Amazon_Elastic_Block_Store_{volume.replace('-', '')}"
        device.parent.mkdir(parents=True)
        device.touch()
        return device

    def run(self, *command: str, given: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """A command of the server."""
        environment = {**self.environment, **(given or {})}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def prepare(self, **given: str) -> subprocess.CompletedProcess[str]:
        return self.run("bash", str(self.root / "usr/local/lib/platform/prepare.sh"), given=given)

    def start(self, name: str, **given: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, str(self.root / "usr/local/lib/platform/container.py"), name, given=given)

    def said(self, program: str) -> list[str]:
        """What a stand-in was called with."""
        lines = self.log.read_text().splitlines()
        return [line.partition(" ")[2] for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def gpu(tmp_path: Path) -> Machine:
    """The server with a volume and a model."""
    return Machine(tmp_path, "vllm-vllm")


@pytest.fixture
def bastion(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "bastion-bastion")


@pytest.fixture
def api(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "api-api-1")


def test_empty_volume_is_formatted_and_mounted_with_its_folders(gpu: Machine) -> None:
    device = gpu.attach()
    ended = gpu.prepare()
    assert ended.returncode == 0, ended.stderr
    assert gpu.said("mkfs.xfs") == [str(device)]
    assert gpu.said("mount") == [f"{gpu.root}/models"]
    assert gpu.said("xfs_growfs") == [f"{gpu.root}/models"]
    assert (gpu.root / "models/hub").is_dir()
    assert (gpu.root / "etc/fstab").read_text() == "UUID=1234-abcd /models xfs defaults,nofail 0 2\n"


def test_volume_with_data_is_never_formatted(gpu: Machine) -> None:
    gpu.attach()
    assert gpu.prepare(SIGNATURE="xfs").returncode == 0
    assert gpu.said("mkfs.xfs") == []
    assert gpu.said("mount") == [f"{gpu.root}/models"]


def test_second_boot_mounts_and_grows_the_volume_without_duplicate_entries(gpu: Machine) -> None:
    gpu.attach()
    assert gpu.prepare().returncode == 0
    assert gpu.prepare(SIGNATURE="xfs").returncode == 0
    assert len(gpu.said("mkfs.xfs")) == len(gpu.said("mount")) == 1
    assert len(gpu.said("xfs_growfs")) == 2
    assert (gpu.root / "etc/fstab").read_text().count("\n") == 1


def test_missing_volume_stops_the_boot(gpu: Machine) -> None:
    # A container would write to the root disk.
    ended = gpu.prepare()
    assert ended.returncode != 0
    assert "gave up: find_device" in ended.stderr
    unit = (gpu.root / "etc/systemd/system/platform-container@.service").read_text()
    assert "Requires=platform-prepare.service\nAfter=platform-prepare.service" in unit


def test_volume_is_found_without_nvme(gpu: Machine) -> None:
    (gpu.root / "dev").mkdir()
    (gpu.root / "dev/xvdf").touch()
    assert gpu.prepare().returncode == 0
    assert gpu.said("mkfs.xfs") == [f"{gpu.root}/dev/xvdf"]


def test_gpu_image_uses_its_own_docker_which_starts_at_boot(gpu: Machine) -> None:
    gpu.attach()
    assert gpu.prepare().returncode == 0
    assert gpu.said("dnf") == []
    assert gpu.said("systemctl") == ["enable --now docker"]


@pytest.mark.requirement("001-ops-02")
@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", "amd64"), ("aarch64", "arm64")])
def test_bastion_installs_kubectl_once_and_no_docker(bastion: Machine, machine: str, architecture: str) -> None:
    ended = bastion.prepare(MACHINE=machine)
    assert ended.returncode == 0, ended.stderr
    address = f"https://dl.k8s.io/release/v1.35.9/bin/linux/{architecture}/kubectl"
    assert [line.rpartition(" ")[2] for line in bastion.said("curl")] == [address, f"{address}.sha256"]
    assert os.access(bastion.root / "usr/local/bin/kubectl", os.X_OK)
    assert "--name plant-eks" in (bastion.root / "etc/profile.d/platform.sh").read_text()
    assert bastion.prepare().returncode == 0
    assert len(bastion.said("curl")) == 2
    assert bastion.said("docker") == bastion.said("mount") == []


def test_kubectl_with_another_checksum_is_not_installed(bastion: Machine) -> None:
    assert bastion.prepare(SUM="0" * 64).returncode != 0
    assert not (bastion.root / "usr/local/bin/kubectl").exists()


def test_container_secret_is_in_its_environment_and_on_no_command_line(gpu: Machine) -> None:
    ended = gpu.start("server")
    assert ended.returncode == 0, ended.stderr
    assert "HF_TOKEN=s3cret words" in (gpu.home / "environment").read_text().splitlines()
    assert "s3cret" not in gpu.log.read_text()
    assert not [path for path in gpu.root.rglob("*") if path.is_file() and "s3cret" in path.read_text()]
    (run,) = (line for line in gpu.said("docker") if line.startswith("run"))
    assert "--env=HF_HOME --env=HF_TOKEN docker.io/vllm/vllm-openai:v0.11.2 --model Qwen/Qwen3-8B" in run
    assert "--gpus=all" in run
    assert gpu.said("docker")[0].startswith("pull"), "no token of ECR for a registry of others"


def test_ecr_image_is_pulled_with_a_token_from_a_pipe(api: Machine) -> None:
    ended = api.start("prod")
    assert ended.returncode == 0, ended.stderr
    registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com"
    login, pull, remove, run = api.said("docker")
    assert login == f"login --username AWS --password-stdin {registry}"
    assert (api.home / "login").read_text() == "token-of-ecr\n"
    assert pull == f"pull --quiet {registry}/plant/api:prod-20250714-1752"
    assert remove == "rm --force prod"
    assert run.startswith("run --rm --name prod --init")
    assert "token-of-ecr" not in api.log.read_text()


def test_unreachable_registry_does_not_stop_a_present_image(api: Machine) -> None:
    assert api.start("prod", PULL="1").returncode == 0
    assert any(line.startswith("image inspect") for line in api.said("docker"))


def test_cloud_init_starts_each_container_as_a_service_without_waiting(api: Machine) -> None:
    assert api.commands == [
        ["systemctl", "daemon-reload"],
        [
            "systemctl",
            "enable",
            "--now",
            "--no-block",
            "platform-prepare.service",
            "platform-container@dev.service",
            "platform-container@prod.service",
        ],
    ]
    for path in ("prepare.sh", "container.py"):
        assert os.access(api.root / "usr/local/lib/platform" / path, os.X_OK)


def test_script_passes_shellcheck() -> None:
    try:
        shellcheck = debian.program("shellcheck")
    except MissingPartError as error:
        absent(error)
    ended = subprocess.run([shellcheck, str(FILES / "prepare.sh")], capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == ("", 0)


def test_script_is_valid_bash() -> None:
    assert subprocess.run(["bash", "-n", str(FILES / "prepare.sh")], check=False).returncode == 0
