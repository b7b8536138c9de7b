# set_password FILE PASSWORD: answers what FILE, password.sql, asks for.
set_password() {
  printf '%s\n%s\n' "$2" "$2" | psql --no-psqlrc --quiet --file "$1" 2>/tmp/prompts || { cat /tmp/prompts >&2; exit 1; }
}
