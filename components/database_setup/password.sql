-- The password of APP_USER, asked for twice. psql works out the verifier here and sends that: a password in a statement
-- would stand in the server's log, where `log_statement` is `ddl`.
\set ON_ERROR_STOP on
\getenv app_user APP_USER
SET password_encryption = 'scram-sha-256';
\password :"app_user"
