// cunmai serve: migrate, check definitions, install what is shipped, answer until asked to stop.

#include "adapters/app/background.hpp"
#include "adapters/cli/shell.hpp"
#include "adapters/demo/seed.hpp"
#include "adapters/http/site/site.hpp"
#include "adapters/telemetry/terminal.hpp"
#include "workflows/roles.hpp"

#include <csignal>
#include <iostream>

namespace cunmai::cli {

namespace {

struct Flags {
    std::string host;
    int port = -1; // 0: any free one
    bool demo = false, empty = false;
};

// SIGINT and SIGTERM are blocked and received by the thread that waits for them. REQUIRES: made before any thread.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN); // a file size limit acts like a full disk: 503, not the end of the program
    }
    void wait() const {
        int number = 0;
        sigwait(&set_, &number);
    }
    // A second signal ends the program at once, in the usual way.
    void release() const { pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

  private:
    sigset_t set_{};
};

void prepare_data(App& app) {
    seed::install_defaults(app);
    if (!app.config.demo || app.places.any()) return;
    ProgressBar bar("demo");
    seed::demo_district(app, [&](std::int64_t done, std::int64_t total) { bar.show(done, total); });
}

void say_how_to_sign_in(const Shell& shell, App& app) {
    if (app.config.demo) {
        shell.say("cli.demo_sign_ins", {{"password", seed::demo_password}});
        for (const auto& one : seed::demo_sign_ins(shell.language()))
            std::cout << "  " << one.login << std::string(one.login.size() < 24 ? 24 - one.login.size() : 1, ' ')
                      << one.note << "\n";
        std::cout << std::flush;
        return;
    }
    if (app.people.search("", workflows::SystemAdministrator::key, 1, "").empty())
        shell.say("cli.first_administrators");
    if (!app.places.any()) shell.say("cli.no_places");
}

int serve(const Shell& shell, const Flags& flags) {
    const StopSignals signals;
    const auto config = shell.config([&](Config& given) {
        if (!flags.host.empty()) given.host = flags.host;
        if (flags.port >= 0) given.port = flags.port;
        if (flags.demo) given.demo = true;
        if (flags.empty) given.demo = false;
    });
    auto app = shell.open(config, Shell::Needs::any_database);
    prepare_data(*app);

    app->settle_now = settle;
    http::Server server(*app, http::whole_site());
    Background background(*app);
    server.start();
    if (config.port == 0) app->config.port = server.port(); // for links in mails
    background.start();
    shell.say("cli.serving", {{"address", "http://" + config.host + ":" + std::to_string(server.port())}});
    say_how_to_sign_in(shell, *app);

    signals.wait();
    shell.say("cli.stopping");
    signals.release();
    server.stop();
    background.stop();
    shell.say("cli.stopped");
    return exit_ok;
}

} // namespace

void add_serve(Shell& shell) {
    auto flags = std::make_shared<Flags>();
    auto* command =
        shell.command("serve", "Serve the pages and the API", [&shell, flags] { return serve(shell, *flags); });
    shell.add_database_options(command);
    command->add_option("--host", flags->host, "Address to listen on (default 127.0.0.1)");
    command->add_option("--port", flags->port, "Port to listen on (default 8080; 0: any free one)")
        ->check(::CLI::Range(0, 65535));
    auto* demo = command->add_flag("--demo", flags->demo, "A demo server: invented district, movable clock");
    command->add_flag("--empty", flags->empty, "No demo district, whatever the configuration says")->excludes(demo);
}

} // namespace cunmai::cli
