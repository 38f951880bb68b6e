// Carries committed notices to people: outbox → one inbox row each → one mail each, when mail is configured.
// At least once, deduplicated: an inbox row by (outbox id, person), a mail by its id, which is also its Message-ID.
// Failures are tried again after 30 s · 2^n with jitter; after ten they are dead and an administrator sees them.
#pragma once

#include "adapters/notify/mailer.hpp"
#include "adapters/services/app.hpp"

#include <functional>
#include <random>

namespace cunmai::notify {

constexpr int attempts_max = 10;

// When to try again after the attempt number `attempts` (1, 2, …) failed; without jitter.
std::int64_t retry_after_seconds(int attempts);

struct Worked {
    int notices = 0, notices_failed = 0, mails_sent = 0, mails_failed = 0;
    int done() const { return notices + notices_failed + mails_sent + mails_failed; }
};

class Notifier {
  public:
    // `stopping` is asked between two pieces of work; what was claimed and not begun is then given back.
    explicit Notifier(
        App& app, std::function<bool()> stopping = [] { return false; })
        : app_(app), mailer_(app.config), stopping_(std::move(stopping)) {}

    Worked work(); // one batch of notices and one of mails

  private:
    void expand(const db::OutboxItem& item);
    std::vector<db::Person> recipients(const db::OutboxItem& item);
    void queue_mail(const db::OutboxItem& item, const db::Person& person);
    void expand_notices(Worked& worked);
    void send_mails(Worked& worked);
    engine::Instant next_try(int attempts);

    App& app_;
    Mailer mailer_;
    std::function<bool()> stopping_;
    std::mt19937 jitter_{std::random_device{}()};
};

} // namespace cunmai::notify
