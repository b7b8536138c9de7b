-- What only a master user may add to a database, for the user that owns it. Safe to run again.
\set ON_ERROR_STOP on
\getenv app_extension APP_EXTENSION
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS :"app_extension";
