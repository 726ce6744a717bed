-- The four roles of the database. Run once per server by an administrator (on RDS: the master user); safe to repeat.
--   smarterfirms_owner     owns tables and runs migrations
--   smarterfirms_app       web and workers: rows only, always behind row-level security
--   smarterfirms_resolver  owns the resolve_* functions; cannot log in
--   smarterfirms_staff     named columns of named tables, of every firm, for our own staff; cannot log in
-- Passwords are set outside this file (ALTER ROLE ... PASSWORD), so that none is ever in the repository.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'smarterfirms_owner') THEN
        CREATE ROLE smarterfirms_owner LOGIN CREATEDB NOSUPERUSER;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'smarterfirms_app') THEN
        CREATE ROLE smarterfirms_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'smarterfirms_resolver') THEN
        CREATE ROLE smarterfirms_resolver NOLOGIN NOSUPERUSER;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'smarterfirms_staff') THEN
        CREATE ROLE smarterfirms_staff NOLOGIN NOSUPERUSER;
    END IF;
END
$$;
-- Migrations hand the resolve_* functions over to the resolver, which takes membership in it.
GRANT smarterfirms_resolver TO smarterfirms_owner WITH INHERIT FALSE, SET TRUE;
-- The admin takes the staff role on for one transaction at a time (apps/core/staff.py); it is never inherited.
GRANT smarterfirms_staff TO smarterfirms_app WITH INHERIT FALSE, SET TRUE;
-- A statement that runs away is stopped by the server, also behind a transaction pooler.
ALTER ROLE smarterfirms_app SET statement_timeout = '60s';
ALTER ROLE smarterfirms_app SET idle_in_transaction_session_timeout = '120s';
