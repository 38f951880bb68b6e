#!/usr/bin/env bash
# ./dev cluster: three Galera nodes, two servers of the demo district and HAProxy, all on loopback, in a folder that is
# thrown away. Runs until Ctrl-C (or SIGTERM), then stops its processes by process id, servers before nodes. Ctrl-C does
# not reach these processes directly, and they also end when this script is killed.
#
# --port P     HAProxy's first port: P pages and API, P+1 its own statistics (default 8080; other ports are free ones)
# --folder D   keep everything in D (must not exist, or be an earlier --folder: then its data are used again)
# --nodes      only the nodes: for tests from outside
# --again WHAT starts a killed process again (node1 … node3, server1, server2), in the cluster that runs in --folder D
set -euo pipefail
cd "$(dirname "$0")/../.."

port=8080 folder='' only_nodes=0 kept=0 what=''
while [ $# -gt 0 ]; do
  case $1 in
  --port) port=$2; shift 2 ;;
  --folder) folder=$2; kept=1; shift 2 ;;
  --nodes) only_nodes=1; shift ;;
  --again) what=$2; shift 2 ;;
  *) echo "unknown word: $1" >&2; exit 2 ;;
  esac
done

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { echo "cluster: $*" >&2; exit 1; }

# ---- processes: started here, ended here ------------------------------------------------------------------------
# $folder/NAME.started has the process id, for --again in another process. By now the id may be a stranger's.
pid_of() { # pid_of NAME: the id, if the process lives and is of this cluster
  local pid
  pid=$(cat "$folder/$1.started" 2>/dev/null) &&
    tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -e "$folder" -e cluster.sh && echo "$pid"
}
end() { # end NAME: with SIGTERM, and wait for it, at most 20 s
  local pid
  pid=$(pid_of "$1") || return 0
  kill -CONT "$pid" && kill -TERM "$pid" || return 0
  for _ in $(seq 200); do pid_of "$1" >/dev/null || break; sleep 0.1; done
  if pid_of "$1" >/dev/null; then kill -KILL "$pid"; fi
}
stop_all() {
  trap - EXIT INT TERM
  say "stopping"
  local name; for name in haproxy server1 server2 node3 node2 node1; do end "$name"; done
  wait
  [ $kept = 1 ] || rm -rf "$folder"
  say "stopped"
}

free_ports() { # free_ports N: ports that nobody listens on now
  python3 - "$1" 2>/dev/null <<'PYTHON' || perl -MIO::Socket::INET -e '@s = map { IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1") } 1..shift; print join("\n", map { $_->sockport } @s), "\n"' "$1"
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held: one.bind(("127.0.0.1", 0))
print("\n".join(str(one.getsockname()[1]) for one in held))
PYTHON
}

# These processes end with this script. Those of --again stay, and Ctrl-C finds them by name.
dies=TERM to_mysql=()
[ -z "$what" ] || dies=clear
[ "$(id -u)" != 0 ] || to_mysql=(--reuid mysql --regid mysql --clear-groups) # the server refuses to run as root
ours() { exec setsid setpriv --pdeathsig "$dies" -- "$@"; }
as_mysql() { exec setsid setpriv "${to_mysql[@]}" --pdeathsig "$dies" -- "$@"; }
started() { echo $! >"$folder/$1.started"; } # started NAME: notes the process that was started just before

[ -z "$what" ] || [ -f "$folder/ports" ] || fail "--again needs the --folder of a cluster that runs"
[ -n "$folder" ] || folder=$(mktemp -d /var/tmp/cunmai-cluster-XXXXXX)
again=0; [ -d "$folder/node1" ] && again=1
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
chmod 755 "$folder"
[ "$(id -u)" != 0 ] || chown mysql:mysql "$folder"
[ -n "$what" ] || trap stop_all EXIT INT TERM

# ---- nodes ------------------------------------------------------------------------------------------------------
if [ $again = 1 ] && [ -f "$folder/ports" ]; then
  read -ra ports <"$folder/ports"
else
  mapfile -t ports < <(free_ports 14)
  echo "${ports[*]}" >"$folder/ports"
fi
sql_port() { echo "${ports[$1 * 4 - 4]}"; }
galera_address() { echo "127.0.0.1:${ports[$1 * 4 - 3]}"; }

node() { # node NUMBER WORDS…: the database program with the node's settings
  local number=$1 at=$((($1 - 1) * 4)) home="$folder/node$1"; shift
  local base=${ports[at + 1]} ist=${ports[at + 2]} sst=${ports[at + 3]}
  # Of docs/deploy/my.cnf: a frozen node holds up the others for 3 s, and catches up with several threads.
  local provider="base_host=127.0.0.1;base_port=$base;gmcast.listen_addr=tcp://127.0.0.1:$base;ist.recv_addr=127.0.0.1:$ist;gcache.size=64M"
  provider+=";gcs.fc_limit=64;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT8S"
  as_mysql /usr/sbin/mariadbd --no-defaults --datadir="$home" --socket="$folder/s$number" --pid-file="$folder/node$number.pid" \
    --port="${ports[at]}" --bind-address=127.0.0.1 --skip-name-resolve \
    --default-storage-engine=InnoDB --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
    --innodb-flush-log-at-trx-commit=1 --innodb-snapshot-isolation=ON --log-bin-trust-function-creators=ON --character-set-server=utf8mb4 \
    --innodb-buffer-pool-size=128M --innodb-log-file-size=48M --max-connections=200 \
    --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=cunmai-dev --wsrep-slave-threads=4 \
    --wsrep-node-name="node$number" --wsrep-node-address="127.0.0.1" --wsrep-provider-options="$provider" \
    --wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$sst" "$@"
}
start_node() { # start_node NUMBER CLUSTER_ADDRESS
  (node "$1" --wsrep-cluster-address="$2" --log-error="$folder/node$1.log" >"$folder/node$1.out" 2>&1) &
  started "node$1"
}
position() { # position NODE: its last position. After an orderly stop grastate.dat has it; otherwise the node is asked to recover it
  local seqno
  seqno=$(sed -n 's/^seqno: *//p' "$folder/node$1/grastate.dat")
  if [ "${seqno:--1}" = -1 ]; then
    (node "$1" --wsrep-recover --wsrep-cluster-address=gcomm:// --log-error="$folder/node$1/recover.log" >/dev/null 2>&1) || true
    seqno=$(sed -n 's/.*Recovered position: *[^:]*:\(-\?[0-9]*\).*/\1/p' "$folder/node$1/recover.log" | tail -1)
    rm -f "$folder/node$1/recover.log"
  fi
  echo "${seqno:--1}"
}
sql() { # sql NODE STATEMENT
  mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$(sql_port "$1")" -uroot -N -B -e "$2" 2>/dev/null
}
wait_synced() { # wait_synced NODE
  for _ in $(seq 900); do
    [ "$(sql "$1" "SHOW STATUS LIKE 'wsrep_local_state_comment'" | cut -f2)" = Synced ] && return
    pid_of "node$1" >/dev/null || { tail -20 "$folder/node$1.log" >&2; fail "node $1 ended"; }
    sleep 0.1
  done
  fail "node $1 is not Synced"
}

if [ $again = 0 ]; then
  say "preparing three data directories in $folder"
  (as_mysql mariadb-install-db --no-defaults --datadir="$folder/node1" --auth-root-authentication-method=normal \
    --skip-test-db --skip-name-resolve) >"$folder/install.log" 2>&1 || { cat "$folder/install.log" >&2; fail "mariadb-install-db"; }
  for number in 2 3; do (as_mysql cp -a "$folder/node1" "$folder/node$number"); done
fi
# ---- --again: one process ---------------------------------------------------------------------------------------
server_port() { echo "${ports[$1 + 11]}"; }
addresses() { echo "gcomm://$(galera_address 1),$(galera_address 2),$(galera_address 3)"; }
database="mysql://cunmai:cunmai@127.0.0.1:$(sql_port 1),127.0.0.1:$(sql_port 2),127.0.0.1:$(sql_port 3)/cunmai"
start_server() { # start_server NUMBER
  (CUNMAI_SERVER_PUBLIC_URL="http://127.0.0.1:$port" CUNMAI_SERVER_PROXIES=127.0.0.1 \
    ours "${CUNMAI_BINARY:-build/cunmai}" serve --demo --data "$folder/data" --database "$database" --port "$(server_port "$1")" \
    >>"$folder/server$1.log" 2>&1) &
  started "server$1"
}
if [ -n "$what" ]; then
  port=$(cat "$folder/port")
  pid_of "$what" >/dev/null && fail "$what lives, process $(pid_of "$what")"
  case $what in
  node[123])
    for other in 1 2 3; do pid_of "node$other" >/dev/null && break; done ||
      fail "no node lives: end the cluster and start it again with --folder $folder; it begins with the node that knows most"
    start_node "${what#node}" "$(addresses)" ;;
  server[12]) start_server "${what#server}" ;;
  *) fail "--again node1, node2, node3, server1 or server2" ;;
  esac
  sleep 1
  pid_of "$what" >/dev/null || fail "$what ended at once: see $folder/$what.log"
  say "$what is starting: process $(pid_of "$what"), log $folder/$what.log"
  exit
fi

# ---- the whole cluster ------------------------------------------------------------------------------------------
echo "$port" >"$folder/port"
first=1 furthest=-1
if [ $again = 1 ]; then # the most advanced node begins: docs/cluster.md, "When all nodes died"
  for number in 1 2 3; do
    at=$(position "$number")
    say "node $number got as far as $at"
    if [ "$at" -gt "$furthest" ]; then first=$number furthest=$at; fi
  done
  sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$folder/node$first/grastate.dat"
fi
say "starting node $first (bootstraps the cluster)"
start_node "$first" gcomm://
wait_synced "$first"
say "starting the others"
for number in 1 2 3; do
  [ "$number" != "$first" ] || continue
  start_node "$number" "$(addresses)"
  wait_synced "$number"
done
sql "$first" "CREATE DATABASE IF NOT EXISTS cunmai CHARACTER SET utf8mb4"
sql "$first" "CREATE USER IF NOT EXISTS cunmai@'127.0.0.1' IDENTIFIED BY 'cunmai'; GRANT ALL ON cunmai.* TO cunmai@'127.0.0.1'"
for number in 1 2 3; do echo "node $number   127.0.0.1:$(sql_port $number)   pid $(pid_of "node$number")   log $folder/node$number.log"; done
echo "database $database"
if [ $only_nodes = 1 ]; then wait; exit; fi

# ---- servers ----------------------------------------------------------------------------------------------------
mkdir -p "$folder/data"
for number in 1 2; do
  say "starting server $number"
  start_server "$number"
  for _ in $(seq 1200); do # the first one fills the demo district
    curl -fsS -o /dev/null "http://127.0.0.1:$(server_port "$number")/healthz" 2>/dev/null && break
    sleep 0.1
    pid_of "server$number" >/dev/null || { tail -20 "$folder/server$number.log" >&2; fail "server $number ended"; }
  done
done

# ---- HAProxy ----------------------------------------------------------------------------------------------------
sed -e "s|^\( *bind \)127.0.0.1:8404.*|\1127.0.0.1:$((port + 1))|" -e "s|^\( *bind \)\*:443.*|\1127.0.0.1:$port|" \
  -e "s|server cunmai1 [^ ]*|server cunmai1 127.0.0.1:$(server_port 1)|" -e "s|server cunmai2 [^ ]*|server cunmai2 127.0.0.1:$(server_port 2)|" \
  -e '/^ *\(user\|group\|chroot\|log\|http-request redirect\) /d' -e '/X-Forwarded-Proto/d' -e '/Strict-Transport/d' docs/deploy/haproxy.cfg >"$folder/haproxy.cfg"
say "starting HAProxy"
(ours /usr/sbin/haproxy -db -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1) &
haproxy=$!
started haproxy
for _ in $(seq 100); do curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break; sleep 0.1; done
curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" || { cat "$folder/haproxy.log" >&2; fail "HAProxy does not answer"; }

grep -v '^{' "$folder/server1.log" | grep -A 100 'cunmai-demo' || true
cat <<TEXT

pages      http://127.0.0.1:$port        (HAProxy; its statistics: http://127.0.0.1:$((port + 1))/)
server 1   http://127.0.0.1:$(server_port 1)        pid $(pid_of server1)   log $folder/server1.log
server 2   http://127.0.0.1:$(server_port 2)        pid $(pid_of server2)   log $folder/server2.log
HAProxy    pid $(pid_of haproxy)   log $folder/haproxy.log
What was killed starts again with: ./dev cluster --folder $folder --again server1   (or server2, node1, node2, node3)
Ctrl-C stops everything.
TEXT
wait "$haproxy" || true
