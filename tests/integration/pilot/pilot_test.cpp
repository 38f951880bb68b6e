// The pilot as a test: a real demo server in this process, on a free port and a new SQLite file, driven through its API
// from the first self-check to the last graduation; then the record that it left is decided again.
#include "adapters/app/background.hpp"
#include "adapters/demo/pilot/api_client.hpp"
#include "adapters/demo/pilot/pilot.hpp"
#include "adapters/demo/seed.hpp"
#include "adapters/http/site/site.hpp"
#include "adapters/services/verifier.hpp"
#include "adapters/telemetry/exit_codes.hpp"
#include "adapters/telemetry/log.hpp"
#include "adapters/words/texts.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace cunmai {
namespace {

class Folder {
  public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "cunmai-pilot-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string path;
};

class DemoDistrictServer {
  public:
    explicit DemoDistrictServer(bool demo) {
        log::send_to([](const std::string&) {});
        Config config;
        config.port = 0;
        config.data_dir = folder.path;
        config.demo = demo;
        app = std::make_unique<App>(config, true);
        seed::install_defaults(*app);
        seed::demo_district(*app);
        app->settle_now = settle;
        server = std::make_unique<http::Server>(*app, http::whole_site());
        background = std::make_unique<Background>(*app);
        server->start();
        background->start();
    }
    ~DemoDistrictServer() {
        server->stop();
        background->stop();
        log::send_to({});
    }
    std::string address() const { return "http://127.0.0.1:" + std::to_string(server->port()); }

    Folder folder;
    std::unique_ptr<App> app;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<Background> background;
};

pilot::Options options_for(const DemoDistrictServer& demo) {
    pilot::Options options;
    options.server = demo.address();
    options.quiet = true;
    options.report_file = demo.folder.path + "/report.json";
    return options;
}

TEST(Pilot, ADistrictGoesFromSelfCheckToGraduationAndItsRecordIsWhole) {
    const DemoDistrictServer demo(true);
    texts::strict(true);
    const auto options = options_for(demo);

    EXPECT_EQ(pilot::run(options), cli::exit_ok);

    texts::strict(false);
    const auto report = Json::parse(std::ifstream(options.report_file));
    for (const auto& check : report.at("checks")) EXPECT_TRUE(check.at("well")) << check.dump();
    EXPECT_GT(report.at("checks").size(), 80U);

    demo.server->stop();
    demo.background->stop();
    verifier::Options whole;
    whole.replay = true;
    const auto verified = verifier::verify(*demo.app, whole);
    for (const auto& damage : verified.damage)
        ADD_FAILURE() << damage.case_id.text << damage.kind << ' ' << damage.name << " event " << damage.seq << ": "
                      << damage.what;
    EXPECT_GT(verified.cases, 330); // 270 villages and communities, 68 prescriptions, the meetings, the round
    EXPECT_GT(verified.events, 2000);
}

TEST(Pilot, AServerThatIsNoDemoServerRefusesToHaveItsClockMoved) {
    const DemoDistrictServer real(false);
    const auto before = real.app->clock.offset_micros();
    pilot::SignIns sign_ins{std::string(seed::demo_password)};
    pilot::ApiClient client(real.address(), sign_ins);

    for (const auto* login : {"panel1", "sysadmin"}) {
        const auto moved = client.send(login, "PUT", "/demo/clock", {{"advance_days", 1}});
        EXPECT_EQ(moved.status, 403) << moved.brief();
        EXPECT_TRUE(moved.says("demo_only")) << moved.brief();
    }
    EXPECT_EQ(client.send("panel1", "POST", "/demo/settle").status, 403);
    EXPECT_EQ(real.app->clock.offset_micros(), before);
    EXPECT_EQ(pilot::run(options_for(real)), cli::exit_unreachable);
}

TEST(Pilot, ADistrictWithOpenCasesIsLeftAlone) {
    const DemoDistrictServer demo(true);
    pilot::SignIns sign_ins{std::string(seed::demo_password)};
    pilot::ApiClient client(demo.address(), sign_ins);
    client.open("panel1", "village_lifecycle", "990100001201", Json::object());

    EXPECT_EQ(pilot::run(options_for(demo)), cli::exit_unreachable);
}

} // namespace
} // namespace cunmai
