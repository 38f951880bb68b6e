// Everything that a running Cunmai is made of, put together once: by `serve`, by the other commands, by tests.
#pragma once

#include "adapters/config/config.hpp"
#include "adapters/metrics/metrics.hpp"
#include "db/cases/cases.hpp"
#include "db/kernel/database.hpp"
#include "db/operations/backup.hpp"
#include "db/people/people.hpp"
#include "db/people/sessions.hpp"
#include "db/service/access_log.hpp"
#include "db/service/admin_log.hpp"
#include "db/service/documents.hpp"
#include "db/service/drafts.hpp"
#include "db/service/inbox.hpp"
#include "db/service/outbox.hpp"
#include "db/service/rules.hpp"
#include "db/service/timers.hpp"
#include "engine/administration.hpp"
#include "engine/case_service.hpp"

#include <atomic>
#include <functional>
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

inline constexpr const char* clock_offset_setting = "clock_offset_micros"; // of a demo; all its servers follow

struct Settled { // numbers of what was due and has been done
    int timers = 0, notices = 0, mails_sent = 0, mails_failed = 0;
};

struct App {
    // Opens the database; migrates and checks definitions when `prepare`. Throws with a sentence for the operator.
    App(Config config, bool prepare);

    Config config;
    ServerClock clock;
    engine::Registry registry;
    engine::Roles roles;
    Metrics metrics; // declared before the database, which reports to it
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

    // Does in the calling thread what is due, until nothing is: for a demo server whose clock was moved. It is set
    // where the background work is built (adapters/app/background.hpp), because this room does not know that one.
    std::function<Settled(App&)> settle_now{};

    engine::Viewer viewer(const engine::PersonId& person); // with own grants and those delegated now
    std::string today() const;                             // civil date in the district's zone
};

} // namespace cunmai
