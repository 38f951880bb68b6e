// Start-up and memory of a whole server on a very large database, against an empty one: from starting the program to
// its first answer that it is ready, and the most memory that it has held by then.
#include "tests/bench/crowd.hpp"
#include "tests/bench/keep_alive.hpp"
#include "tests/bench/rows.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <thread>

namespace cunmai::bench {

namespace {

int free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(descriptor);
    return ntohs(address.sin_port);
}

double memory_mb(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
    throw std::runtime_error("the server is gone");
}

struct Started {
    double seconds = 0, memory = 0;
};

Started start(const std::string& folder) {
    const int port = free_port();
    const Stopwatch watch;
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, 1);
        ::dup2(nowhere, 2);
        ::execl(CUNMAI_BINARY, "cunmai", "serve", "--data", folder.c_str(), "--port", std::to_string(port).c_str(),
                static_cast<char*>(nullptr));
        ::_exit(127);
    }
    Started started;
    try {
        for (;;) {
            int status = 0;
            if (::waitpid(pid, &status, WNOHANG) == pid) throw std::runtime_error("the server ended at once");
            try {
                KeepAlive client(port);
                if (client.ask("GET", "/readyz", "", "") == 200) {
                    started.seconds = watch.seconds();
                    break;
                }
            } catch (const std::runtime_error&) {}
            if (watch.seconds() > 120) throw std::runtime_error("the server does not answer");
            std::this_thread::sleep_for(std::chrono::milliseconds(1)); // between two questions
        }
        started.memory = memory_mb(pid);
    } catch (...) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        throw;
    }
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
    return started;
}

} // namespace

std::vector<Result> startup(const Options& options) {
    const std::int64_t villages = options.pick(500'000, 20'000), events = options.pick(10'000'000, 200'000);
    const auto large = (options.folder / "large").string(), empty = (options.folder / "empty").string();
    for (const auto& folder : {large, empty}) {
        std::filesystem::create_directories(folder);
        open_app(folder, "cunmai.db");
    }
    say("filling " + std::to_string(villages) + " villages and " + std::to_string(events) + " events");
    fill_places(large + "/cunmai.db", villages);
    fill_cases(large + "/cunmai.db", villages, Crowd::mixed);
    fill_events(large + "/cunmai.db", events);

    Pairs time, memory;
    for (int pair = 0; pair < options.pick(7, 3); ++pair) {
        const auto with_much = start(large), with_nothing = start(empty);
        time.add(with_much.seconds * 1e3, with_nothing.seconds * 1e3);
        memory.add(with_much.memory, 300);
    }
    const auto what = std::to_string(villages) + " villages and " + std::to_string(events) + " events";
    return {time.result("from start to the first answer with " + what, "an empty database", "ms", Aim::at_most, 2),
            memory.result("memory with " + what, "300 MB", "MB", Aim::at_most, 1)};
}

} // namespace cunmai::bench
