#!/usr/bin/env bash
# ./dev cluster: three Galera nodes, two servers of the demo district and HAProxy, all on loopback, in a folder that is
# thrown away. Runs until Ctrl-C (or SIGTERM), then stops what it started, by process id, servers before nodes. What it
# started does not hear Ctrl-C itself, and ends also when this script is killed.
#
# --port P     HAProxy's first port: P pages and API, P+1 its own statistics (default 8080; other ports are free ones)
# --folder D   keep everything in D (must not exist, or be an earlier --folder: then its data are used again)
# --nodes      only the nodes: for tests from outside
set -euo pipefail
cd "$(dirname "$0")/../.."

port=8080 folder='' only_nodes=0 kept=0
while [ $# -gt 0 ]; do
  case $1 in
  --port) port=$2; shift 2 ;;
  --folder) folder=$2; kept=1; shift 2 ;;
  --nodes) only_nodes=1; shift ;;
  *) echo "unknown word: $1" >&2; exit 2 ;;
  esac
done

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { echo "cluster: $*" >&2; exit 1; }

# ---- processes: started here, ended here ------------------------------------------------------------------------
node_pids=() server_pids=() haproxy_pid=''
end() { # end SIGNAL PID…: and wait for them, at most 20 s
  local signal=$1 pid; shift
  for pid in "$@"; do [ -n "$pid" ] && kill -s "$signal" "$pid" 2>/dev/null || true; done
  for pid in "$@"; do
    for _ in $(seq 200); do [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null || true
    [ -n "$pid" ] && wait "$pid" 2>/dev/null || true
  done
}
stop_all() {
  trap - EXIT INT TERM
  say "stopping"
  end TERM "$haproxy_pid"
  end TERM "${server_pids[@]}"
  local i; for ((i = ${#node_pids[@]} - 1; i >= 0; --i)); do end TERM "${node_pids[i]}"; done # the first node last
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

ours() { exec setsid setpriv --pdeathsig TERM -- "$@"; }
as_mysql() { # the server refuses to run as root
  if [ "$(id -u)" = 0 ]; then ours setpriv --reuid mysql --regid mysql --clear-groups --pdeathsig TERM -- "$@"; else ours "$@"; fi
}

[ -n "$folder" ] || folder=$(mktemp -d /var/tmp/cunmai-cluster-XXXXXX)
again=0; [ -d "$folder/node1" ] && again=1
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
chmod 755 "$folder"
[ "$(id -u)" != 0 ] || chown mysql:mysql "$folder"
trap stop_all EXIT INT TERM

# ---- nodes ------------------------------------------------------------------------------------------------------
if [ $again = 1 ] && [ -f "$folder/ports" ]; then
  read -ra ports <"$folder/ports"
else
  mapfile -t ports < <(free_ports 14)
  echo "${ports[*]}" >"$folder/ports"
fi
sql_port() { echo "${ports[$1 * 4 - 4]}"; }
galera_address() { echo "127.0.0.1:${ports[$1 * 4 - 3]}"; }

start_node() { # start_node NUMBER CLUSTER_ADDRESS
  local number=$1 address=$2 at=$((($1 - 1) * 4)) home="$folder/node$1"
  local base=${ports[at + 1]} ist=${ports[at + 2]} sst=${ports[at + 3]}
  (as_mysql /usr/sbin/mariadbd --no-defaults --datadir="$home" --socket="$folder/s$number" --pid-file="$folder/node$number.pid" \
    --port="${ports[at]}" --bind-address=127.0.0.1 --skip-name-resolve --log-error="$folder/node$number.log" \
    --default-storage-engine=InnoDB --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
    --innodb-flush-log-at-trx-commit=1 --innodb-snapshot-isolation=ON --log-bin-trust-function-creators=ON --character-set-server=utf8mb4 \
    --innodb-buffer-pool-size=128M --innodb-log-file-size=48M --max-connections=200 \
    --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=cunmai-dev \
    --wsrep-node-name="node$number" --wsrep-node-address="127.0.0.1" --wsrep-cluster-address="$address" \
    --wsrep-provider-options="base_host=127.0.0.1;base_port=$base;gmcast.listen_addr=tcp://127.0.0.1:$base;ist.recv_addr=127.0.0.1:$ist;gcache.size=64M" \
    --wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$sst" >"$folder/node$number.out" 2>&1) &
  node_pids+=($!)
}
sql() { # sql NODE STATEMENT
  mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$(sql_port "$1")" -uroot -N -B -e "$2" 2>/dev/null
}
wait_synced() { # wait_synced NODE
  for _ in $(seq 900); do
    [ "$(sql "$1" "SHOW STATUS LIKE 'wsrep_local_state_comment'" | cut -f2)" = Synced ] && return
    kill -0 "${node_pids[$1 - 1]}" 2>/dev/null || { tail -20 "$folder/node$1.log" >&2; fail "node $1 ended"; }
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
[ $again = 0 ] || sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$folder/node1/grastate.dat" # it was stopped last
say "starting node 1 (bootstraps the cluster)"
start_node 1 gcomm://
wait_synced 1
say "starting nodes 2 and 3"
for number in 2 3; do start_node "$number" "gcomm://$(galera_address 1)"; wait_synced "$number"; done
sql 1 "CREATE DATABASE IF NOT EXISTS cunmai CHARACTER SET utf8mb4"
sql 1 "CREATE USER IF NOT EXISTS cunmai@'127.0.0.1' IDENTIFIED BY 'cunmai'; GRANT ALL ON cunmai.* TO cunmai@'127.0.0.1'"
database="mysql://cunmai:cunmai@127.0.0.1:$(sql_port 1),127.0.0.1:$(sql_port 2),127.0.0.1:$(sql_port 3)/cunmai"
for number in 1 2 3; do echo "node $number   127.0.0.1:$(sql_port $number)   pid ${node_pids[number - 1]}   log $folder/node$number.log"; done
echo "database $database"
if [ $only_nodes = 1 ]; then wait "${node_pids[0]}"; exit; fi

# ---- servers ----------------------------------------------------------------------------------------------------
mkdir -p "$folder/data"
servers=("${ports[12]}" "${ports[13]}")
for number in 1 2; do
  say "starting server $number"
  at=${servers[number - 1]}
  (CUNMAI_SERVER_PUBLIC_URL="http://127.0.0.1:$port" CUNMAI_SERVER_PROXIES=127.0.0.1 \
    ours "${CUNMAI_BINARY:-build/cunmai}" serve --demo --data "$folder/data" --database "$database" --port "$at" \
    >"$folder/server$number.log" 2>&1) &
  server_pids+=($!)
  for _ in $(seq 1200); do # the first one fills the demo district
    curl -fsS -o /dev/null "http://127.0.0.1:$at/healthz" 2>/dev/null && break
    kill -0 "${server_pids[number - 1]}" 2>/dev/null || { tail -20 "$folder/server$number.log" >&2; fail "server $number ended"; }
    sleep 0.1
  done
done

# ---- HAProxy ----------------------------------------------------------------------------------------------------
sed -e "s|^\( *bind \)127.0.0.1:8404.*|\1127.0.0.1:$((port + 1))|" -e "s|^\( *bind \)\*:443.*|\1127.0.0.1:$port|" \
  -e "s|server cunmai1 [^ ]*|server cunmai1 127.0.0.1:${servers[0]}|" -e "s|server cunmai2 [^ ]*|server cunmai2 127.0.0.1:${servers[1]}|" \
  -e '/^ *\(user\|group\|chroot\|log\|http-request redirect\) /d' -e '/X-Forwarded-Proto/d' -e '/Strict-Transport/d' docs/deploy/haproxy.cfg >"$folder/haproxy.cfg"
say "starting HAProxy"
(ours /usr/sbin/haproxy -db -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1) &
haproxy_pid=$!
for _ in $(seq 100); do curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" 2>/dev/null && break; sleep 0.1; done
curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz" || { cat "$folder/haproxy.log" >&2; fail "HAProxy does not answer"; }

grep -v '^{' "$folder/server1.log" | grep -A 100 'cunmai-demo' || true
cat <<TEXT

pages      http://127.0.0.1:$port        (HAProxy; its statistics: http://127.0.0.1:$((port + 1))/)
server 1   http://127.0.0.1:${servers[0]}        pid ${server_pids[0]}   log $folder/server1.log
server 2   http://127.0.0.1:${servers[1]}        pid ${server_pids[1]}   log $folder/server2.log
HAProxy    pid $haproxy_pid   log $folder/haproxy.log
Ctrl-C stops everything.
TEXT
wait "$haproxy_pid" || true
