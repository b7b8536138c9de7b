-- A tenant leaves connections for the others.
\set ON_ERROR_STOP on
\getenv app_user APP_USER
\getenv connections CONNECTIONS
ALTER ROLE :"app_user" WITH NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT :connections;
