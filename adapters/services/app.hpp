// Everything that a running Cunmai is made of, put together once: by `serve`, by the other commands, by tests.
#pragma once

#include "adapters/config/config.hpp"
#include "adapters/metrics/metrics.hpp"
#include "db/cases/cases.hpp"
#include "db/kernel/database.hpp"
#include "db/operations/backup.hpp"
#include "db/people/people.hpp"
#include "db/service/service_tables.hpp"
#include "engine/administration.hpp"
#include "engine/case_service.hpp"

#include <atomic>
#include <memory>

namespace cunmai {

// The server's clock. Only a demo server may move it; the offset is kept in the database, so that a restart keeps it.
class ServerClock final : public engine::Clock {
  public:
    engine::Instant now() const override {
        return {system_.now().micros + offset_micros_.load(std::memory_order_relaxed)};
    }
    std::int64_t offset_micros() const { return offset_micros_.load(); }
    void set_offset(std::int64_t micros) { offset_micros_.store(micros); }

  private:
    engine::SystemClock system_;
    std::atomic<std::int64_t> offset_micros_{0};
};

inline constexpr const char* clock_offset_setting = "clock_offset_micros"; // of the demo; all its servers follow it

struct App {
    // Opens the database; migrates and checks definitions when `prepare`. Throws with a sentence for the operator.
    App(Config config, bool prepare);

    Config config;
    ServerClock clock;
    engine::Registry registry;
    engine::Roles roles;
    Metrics metrics; // before the database, which tells it what it does
    db::Database database;
    db::People people;
    db::Places places;
    db::Cases cases;
    db::Sessions sessions;
    db::AccessLog access_log;
    db::Rules rules;
    db::Drafts drafts;
    db::Documents documents;
    db::Outbox outbox;
    db::Inbox inbox;
    db::Timers timers;
    db::AdminLog admin_log;
    CountedService service;

    engine::Viewer viewer(const engine::PersonId& person); // own and delegated grants, now
    std::string today() const;                             // civil date in the district's zone
};

} // namespace cunmai
