#include "tests/support/processes.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cunmai::test {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("a server for tests: " + what); }

const passwd* mysql_user() {
    static const passwd* user = ::geteuid() == 0 ? ::getpwnam("mysql") : nullptr;
    return user;
}

} // namespace

std::string installed_program(const std::string& name) {
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/", "/usr/libexec/"})
        if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
    fail(name + " is not installed");
}

std::string folder_of_mysql(const std::string& pattern) {
    std::string folder = pattern;
    if (!::mkdtemp(folder.data())) fail("no folder in /var/tmp");
    if (const auto* user = mysql_user())
        if (::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) fail("chown");
    return folder;
}

pid_t spawn(const std::vector<std::string>& arguments, const std::string& output, RunAs run_as) {
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid > 0) return pid;
    const int log = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
    ::dup2(log, 1);
    ::dup2(log, 2);
    if (const auto* user = run_as == RunAs::mysql ? mysql_user() : nullptr)
        if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

int wait_for(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
}

bool has_ended(pid_t pid) {
    int status = 0;
    return ::waitpid(pid, &status, WNOHANG) == pid;
}

// A socket that holds the port, or any free port when it is 0. Returns -1 when the port is taken.
static int holding(int port) {
    const int held = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::bind(held, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return held;
    ::close(held);
    return -1;
}

static int port_of(int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("no free port");
    return ntohs(address.sin_port);
}

std::vector<int> free_ports(int count) {
    std::vector<int> held, ports;
    for (int i = 0; i < count; ++i) {
        held.push_back(holding(0));
        ports.push_back(port_of(held.back()));
    }
    for (const int socket : held) ::close(socket);
    return ports;
}

int free_port_pair() {
    for (int attempt = 0; attempt < 100; ++attempt) {
        const int one = holding(0), port = port_of(one), other = holding(port + 1);
        ::close(one);
        if (other < 0) continue;
        ::close(other);
        return port;
    }
    fail("no two free ports side by side");
}

} // namespace cunmai::test
