"""Gives the administrator of MLflow the password that Secrets Manager holds.

MLflow reads the password of its environment only when it creates the account: without this, the new password of a
rotation would be refused.
"""

import os

from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

name, password = os.environ["ADMIN_USERNAME"], os.environ["ADMIN_PASSWORD"]
store = SqlAlchemyStore()
store.init_db(os.environ["USERS_URL"])
if store.has_user(name):
    store.update_user(name, password=password, is_admin=True)
else:
    store.create_user(name, password, is_admin=True)
print(f"{name}: password set", flush=True)
