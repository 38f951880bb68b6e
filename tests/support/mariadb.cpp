#include "tests/support/mariadb.hpp"

#include "tests/support/processes.hpp"

#include <mysql.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <regex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <unistd.h>

namespace cunmai::test {

namespace {

constexpr auto patience = std::chrono::seconds(90);

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("MariaDB for tests: " + what); }

struct Address {
    std::string user, password, host, database;
    int port = 3306;
};

Address parse(const std::string& url) {
    static const std::regex form(R"(mysql://([^:@/]*)(?::([^@/]*))?@([^:/]+)(?::(\d+))?/(.*))");
    std::smatch match;
    if (!std::regex_match(url, match, form)) fail("CUNMAI_TEST_MYSQL_URL is not mysql://user:password@host:port/");
    return {match[1], match[2], match[3], match[5], match[4].matched ? std::stoi(match[4]) : 3306};
}

using Client = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

Client connect(const Address& address) {
    Client client(mysql_init(nullptr), mysql_close);
    if (!mysql_real_connect(client.get(), address.host.c_str(), address.user.c_str(), address.password.c_str(), nullptr,
                            static_cast<unsigned>(address.port), nullptr, 0))
        throw std::runtime_error(mysql_error(client.get()));
    return client;
}

} // namespace

MariaDbServer::MariaDbServer(std::vector<std::string> options) : options_(std::move(options)) {
    folder_ = folder_of_mysql("/var/tmp/cunmai-mariadb-XXXXXX");
    try {
        install();
        start();
    } catch (...) {
        stop();
        std::filesystem::remove_all(folder_);
        throw;
    }
}

MariaDbServer::~MariaDbServer() {
    end(SIGKILL); // none of its data is kept
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void MariaDbServer::install() {
    const pid_t pid = spawn({installed_program("mariadb-install-db"), "--no-defaults", "--datadir=" + folder_ + "/data",
                             "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"},
                            folder_ + "/install.log");
    if (wait_for(pid) != 0) fail("mariadb-install-db failed, see its output in the folder it was given");
}

void MariaDbServer::start() {
    if (port_ == 0) port_ = free_ports(1)[0];
    std::vector<std::string> command{installed_program("mariadbd"),
                                     "--no-defaults",
                                     "--datadir=" + folder_ + "/data",
                                     "--socket=" + folder_ + "/s",
                                     "--pid-file=" + folder_ + "/pid",
                                     "--port=" + std::to_string(port_),
                                     "--skip-networking=0",
                                     "--bind-address=127.0.0.1",
                                     "--skip-name-resolve",
                                     "--max-connections=200",
                                     "--innodb-flush-log-at-trx-commit=1",
                                     "--innodb-buffer-pool-size=64M",
                                     "--innodb-log-file-size=32M",
                                     "--log-error=" + folder_ + "/server.log"};
    command.insert(command.end(), options_.begin(), options_.end());
    pid_ = spawn(command, folder_ + "/server.out");
    wait_until_it_answers();
}

void MariaDbServer::wait_until_it_answers() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (has_ended(pid_)) {
            pid_ = -1;
            fail("the server ended at once");
        }
        try {
            connect({"root", "", "127.0.0.1", "", port_});
            return;
        } catch (const std::runtime_error&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between two questions
        }
    }
    fail("the server does not answer");
}

void MariaDbServer::end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    wait_for(pid_);
    pid_ = -1;
}

void MariaDbServer::stop() { end(SIGTERM); }
void MariaDbServer::kill() { end(SIGKILL); }
void MariaDbServer::freeze() { ::kill(pid_, SIGSTOP); }
void MariaDbServer::thaw() { ::kill(pid_, SIGCONT); }

std::string MariaDbServer::url(const std::string& database) const {
    return "mysql://root@127.0.0.1:" + std::to_string(port_) + '/' + database;
}

std::string new_mariadb_database() {
    static std::unique_ptr<MariaDbServer> own;
    static std::atomic<int> number{0};
    const char* given = std::getenv("CUNMAI_TEST_MYSQL_URL");
    if (!given && !own) own = std::make_unique<MariaDbServer>();
    const auto name = "cunmai_test_" + std::to_string(::getpid()) + '_' + std::to_string(++number);
    std::string url = given ? std::string(given) : own->url("");
    run_on_mariadb(url, "CREATE DATABASE " + name);
    return url.substr(0, url.rfind('/') + 1) + name;
}

void run_on_mariadb(const std::string& url, const std::string& statement) {
    const auto client = connect(parse(url));
    if (mysql_query(client.get(), statement.c_str()) != 0) throw std::runtime_error(mysql_error(client.get()));
}

MariaDbLock::MariaDbLock(const std::string& url, const std::string& statement) {
    auto client = connect(parse(url));
    for (const auto& text : {std::string("BEGIN"), statement}) {
        if (mysql_query(client.get(), text.c_str()) != 0) throw std::runtime_error(mysql_error(client.get()));
        if (auto* rows = mysql_store_result(client.get())) mysql_free_result(rows);
    }
    client_ = std::move(client);
}

} // namespace cunmai::test
