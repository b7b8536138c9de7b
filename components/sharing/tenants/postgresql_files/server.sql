-- What no tenant needs: the databases that come with a server.
\set ON_ERROR_STOP on
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
