#include "tests/support/galera.hpp"

#include "tests/support/mariadb.hpp"
#include "tests/support/processes.hpp"

#include <mysql.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace cunmai::test {

namespace {

constexpr auto patience = std::chrono::seconds(120);

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("Galera for tests: " + what); }

std::string local(int port) { return "127.0.0.1:" + std::to_string(port); }

} // namespace

GaleraCluster& GaleraCluster::shared() {
    static GaleraCluster cluster;
    return cluster;
}

GaleraCluster::GaleraCluster() {
    folder_ = folder_of_mysql("/var/tmp/cunmai-galera-XXXXXX");
    const auto ports = free_ports(4 * nodes);
    for (int node = 0; node < nodes; ++node) {
        const auto at = static_cast<std::size_t>(4 * node);
        nodes_[static_cast<std::size_t>(node)] = {ports[at], ports[at + 1], ports[at + 2], ports[at + 3], -1};
    }
    try {
        install();
        launch(0, "gcomm://");
        wait_until_synced(0);
        for (const int node : {1, 2}) start(node);
        for (const int node : {1, 2}) wait_until_synced(node);
    } catch (...) {
        for (int node = 0; node < nodes; ++node) kill(node);
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

GaleraCluster::~GaleraCluster() {
    for (int node = 0; node < nodes; ++node) kill(node); // none of the data is kept
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string GaleraCluster::file(int node, const std::string& name) const {
    return folder_ + '/' + name + std::to_string(node);
}

// Only for the first node: the others get all of its data when they join.
void GaleraCluster::install() {
    if (wait_for(spawn({installed_program("mariadb-install-db"), "--no-defaults", "--datadir=" + file(0, "data"),
                        "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"},
                       folder_ + "/install.log")) != 0)
        fail("mariadb-install-db failed");
    for (const int node : {1, 2})
        if (wait_for(spawn({installed_program("mkdir"), file(node, "data")}, folder_ + "/install.log")) != 0)
            fail("no folder for the data");
}

void GaleraCluster::launch(int node, const std::string& cluster_address) {
    nodes_[static_cast<std::size_t>(node)].pid = spawn(command(node, cluster_address), file(node, "out"));
}

std::vector<std::string> GaleraCluster::command(int node, const std::string& cluster_address) const {
    const auto& it = nodes_[static_cast<std::size_t>(node)];
    return {installed_program("mariadbd"),
            "--no-defaults",
            "--datadir=" + file(node, "data"),
            "--socket=" + file(node, "s"),
            "--pid-file=" + file(node, "pid"),
            "--log-error=" + file(node, "log") + ".err",
            "--port=" + std::to_string(it.port),
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--max-connections=200",
            "--default-storage-engine=InnoDB",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-snapshot-isolation=ON",
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=32M",
            "--wsrep-on=ON",
            "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
            "--wsrep-cluster-name=cunmai-test-" + std::to_string(::getpid()),
            "--wsrep-node-name=node" + std::to_string(node),
            "--wsrep-node-address=127.0.0.1",
            "--wsrep-cluster-address=" + cluster_address,
            "--wsrep-provider-options=base_host=127.0.0.1;base_port=" + std::to_string(it.group) +
                ";gmcast.listen_addr=tcp://" + local(it.group) + ";ist.recv_addr=" + local(it.ist) + ";gcache.size=32M",
            "--wsrep-sst-method=rsync",
            "--wsrep-sst-receive-address=" + local(it.sst)};
}

std::int64_t GaleraCluster::recovered_position(int node) const {
    auto arguments = command(node, "gcomm://");
    const auto log = file(node, "recovered") + ".err";
    arguments.insert(arguments.end(), {"--wsrep-recover", "--log-error=" + log});
    std::filesystem::remove(log);
    const auto pid = spawn(arguments, file(node, "out"));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!has_ended(pid)) {
        if (std::chrono::steady_clock::now() > deadline) {
            ::kill(pid, SIGKILL);
            wait_for(pid);
            fail("node " + std::to_string(node) + " finds no end of recovering");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between two looks
    }
    std::ifstream in(log);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    static const std::regex position(R"(Recovered position: [0-9a-f-]+:(\d+))");
    std::smatch found;
    if (!std::regex_search(text, found, position)) fail("node " + std::to_string(node) + " does not know: " + text);
    return std::stoll(found[1]);
}

void GaleraCluster::bootstrap(int node) {
    const auto name = file(node, "data") + "/grastate.dat";
    std::ifstream in(name);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::string no = "safe_to_bootstrap: 0", yes = "safe_to_bootstrap: 1";
    const auto found = text.find(no);
    if (found == std::string::npos) fail("no line to change in " + name + ": " + text);
    std::ofstream(name) << std::string(text).replace(found, no.size(), yes);
    launch(node, "gcomm://");
    wait_until_synced(node);
}

void GaleraCluster::start(int node) {
    std::string others;
    for (int other = 0; other < nodes; ++other)
        if (other != node) others += (others.empty() ? "" : ",") + local(nodes_[static_cast<std::size_t>(other)].group);
    launch(node, "gcomm://" + others);
}

std::string GaleraCluster::url(const std::string& database, const std::vector<int>& order) const {
    std::string hosts;
    for (const int node : order)
        hosts += (hosts.empty() ? "" : ",") + local(nodes_[static_cast<std::size_t>(node)].port);
    return "mysql://root@" + hosts + '/' + database;
}

void GaleraCluster::run(int node, const std::string& statement) const { run_on_mariadb(url("", {node}), statement); }

std::string GaleraCluster::ask(int node, const std::string& statement) const {
    std::unique_ptr<MYSQL, decltype(&mysql_close)> client(mysql_init(nullptr), mysql_close);
    const unsigned seconds = 2;
    for (const auto option : {MYSQL_OPT_CONNECT_TIMEOUT, MYSQL_OPT_READ_TIMEOUT})
        mysql_options(client.get(), option, &seconds);
    const auto port = static_cast<unsigned>(nodes_[static_cast<std::size_t>(node)].port);
    if (!mysql_real_connect(client.get(), "127.0.0.1", "root", "", nullptr, port, nullptr, 0) ||
        mysql_query(client.get(), statement.c_str()) != 0)
        return "";
    std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> rows(mysql_store_result(client.get()), mysql_free_result);
    auto* row = rows ? mysql_fetch_row(rows.get()) : nullptr;
    const auto column = rows ? mysql_num_fields(rows.get()) - 1 : 0; // the last one: the value in SHOW STATUS
    return row && row[column] ? row[column] : "";
}

void GaleraCluster::wait_until_synced(int node) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (ask(node, "SHOW STATUS LIKE 'wsrep_local_state_comment'") == "Synced" &&
            ask(node, "SHOW STATUS LIKE 'wsrep_ready'") == "ON")
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(100)); // between two questions
    }
    fail("node " + std::to_string(node) + " is not Synced: " + log_end(node));
}

void GaleraCluster::wait_until_whole() const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (int node = nodes - 1; node >= 0;) { // the last node first: after an absence it reports an old size at first
        if (std::chrono::steady_clock::now() > deadline)
            fail("the nodes do not find each other again: " + log_end(node));
        if (ask(node, "SHOW STATUS LIKE 'wsrep_cluster_size'") == std::to_string(nodes)) {
            wait_until_synced(node);
            --node;
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(100)); // between two questions
        }
    }
}

std::string GaleraCluster::log_end(int node) const {
    std::ifstream in(file(node, "log") + ".err");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return text.substr(text.size() > 3000 ? text.size() - 3000 : 0);
}

void GaleraCluster::kill(int node) {
    auto& pid = nodes_[static_cast<std::size_t>(node)].pid;
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    wait_for(pid);
    pid = -1;
}

void GaleraCluster::freeze(int node) { ::kill(nodes_[static_cast<std::size_t>(node)].pid, SIGSTOP); }
void GaleraCluster::thaw(int node) { ::kill(nodes_[static_cast<std::size_t>(node)].pid, SIGCONT); }

} // namespace cunmai::test
