// A whole Cunmai without a server: the demo district in a database of its own, and a way to give commands as its
// people.
#pragma once

#include "adapters/services/app.hpp"

#include <functional>
#include <memory>
#include <string>

namespace cunmai::test {

class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    std::string path;
};

class DemoApp {
  public:
    // The district is seeded once per test program and copied.
    explicit DemoApp(const std::function<void(Config&)>& change = {});

    App& operator*() { return *app_; }
    App* operator->() { return app_.get(); }
    void close() { app_.reset(); }
    void open();
    std::string database_file() const { return folder_.path + "/cunmai.db"; }
    const std::string& folder() const { return folder_.path; }

    static engine::PersonId person(const std::string& login) { return {"demo-" + login}; }
    // Accepted, or the test fails.
    engine::CaseId opens(const std::string& login, const std::string& definition, const std::string& place,
                         const std::string& command, const Json& payload);
    void gives(const std::string& login, const engine::CaseId& id, const std::string& command,
               const Json& payload = Json::object());
    void move_clock(std::int64_t seconds);

    // A village's case in department_review: three events by three people.
    engine::CaseId village_in_review(const std::string& place = "990100001201");

  private:
    engine::Outcome execute(engine::CommandRequest request);

    TemporaryFolder folder_;
    Config config_;
    std::unique_ptr<App> app_;
    int keys_ = 0;
};

} // namespace cunmai::test
