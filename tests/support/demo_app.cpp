#include "tests/support/demo_app.hpp"

#include "adapters/demo/seed.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace cunmai::test {

namespace {

Config config_in(const std::string& folder) {
    Config config;
    config.data_dir = folder;
    config.demo = true;
    return config;
}

const std::string& seeded_folder() {
    static const TemporaryFolder folder;
    static const bool seeded = [] {
        App app(config_in(folder.path), true);
        seed::install_defaults(app);
        seed::demo_district(app);
        return true;
    }();
    (void)seeded;
    return folder.path;
}

} // namespace

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cunmai-test-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

DemoApp::DemoApp(const std::function<void(Config&)>& change) : config_(config_in(folder_.path)) {
    for (const auto& entry : std::filesystem::directory_iterator(seeded_folder()))
        std::filesystem::copy(entry.path(), folder_.path);
    if (change) change(config_);
    open();
}

void DemoApp::open() { app_ = std::make_unique<App>(config_, true); }

engine::Outcome DemoApp::execute(engine::CommandRequest request) {
    request.idempotency_key = "test-" + std::to_string(++keys_);
    request.request_id = "test";
    auto outcome = app_->service.execute(request);
    EXPECT_EQ(outcome.kind, engine::Outcome::Kind::accepted)
        << request.name << ": " << engine::to_json(outcome.refusal).dump();
    return outcome;
}

engine::CaseId DemoApp::opens(const std::string& login, const std::string& definition, const std::string& place,
                              const std::string& command, const Json& payload) {
    engine::CommandRequest request;
    request.definition = definition;
    request.place_code = place;
    request.name = command;
    request.payload = payload;
    request.actor = person(login);
    return execute(std::move(request)).case_id;
}

void DemoApp::gives(const std::string& login, const engine::CaseId& id, const std::string& command,
                    const Json& payload) {
    engine::CommandRequest request;
    request.case_id = id;
    request.expected_version = app_->cases.row(id)->version;
    request.name = command;
    request.payload = payload;
    request.actor = person(login);
    execute(std::move(request));
}

void DemoApp::move_clock(std::int64_t seconds) {
    app_->clock.set_offset(app_->clock.offset_micros() + seconds * 1'000'000);
}

engine::CaseId DemoApp::village_in_review(const std::string& place) {
    const auto id = opens("panel1", "village_lifecycle", place, "open_targeted", {{"reason", "示例：定向核查"}});
    gives("s-" + place.substr(0, 9), id, "nominate",
          {{"category", "economy"}, {"study_record", "示例：镇党委会议研究，拟列为示例重点村"}});
    gives("reviewer-organisation", id, "record_interview",
          {{"participants", "示例访谈对象"},
           {"held_on", app_->today()},
           {"venue", "示例村委会"},
           {"findings", "示例：情况一致"}});
    return id;
}

} // namespace cunmai::test
