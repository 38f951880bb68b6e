#include "tests/simulation/server.hpp"

#include "workflows/roles.hpp"

namespace cunmai::simulation {

using namespace engine;

Server::Server(std::string name, StoreWorld& shared, const Instant& true_now, FarEnd& far_end, Trace& trace)
    : name_(std::move(name)), s_(shared), clock_(true_now), store_(shared),
      service_(store_, world().registry, workflows::all_roles(), clock_, "a secret of the simulation"),
      far_end_(far_end), trace_(trace) {}

void Server::restart() {
    store_.die();
    timers_.clear();
    notices_.clear();
    mails_.clear();
    told_ = 0;
}

bool Server::crashes(const char* where) {
    if (!s_.dice.chance(5 * s_.plan.crash)) return false;
    trace_.add(name_ + " dies " + where);
    ++s_.counts["worker crash"];
    restart();
    return true;
}

bool Server::timer_step() {
    if (timers_.empty()) {
        if (s_.plan.bug == Bug::timer_forgotten) return false;
        const auto early = s_.plan.bug == Bug::timer_fires_early ? 2 * day_seconds : 0;
        for (const auto& timer : s_.backend.claim_timers(static_cast<int>(s_.dice.between(1, 4)),
                                                         clock_.now().plus_seconds(early), lease_seconds))
            timers_.push_back({timer.case_id, timer.key, timer.command});
        return !timers_.empty();
    }
    if (crashes("with timers in hand")) return true;
    const auto due = std::exchange(timers_, {});
    auto line = name_ + " fires";
    for (const auto& timer : due) line += ' ' + timer.case_id.text + '/' + timer.timer_key;
    const auto skew = clock_.skew_seconds;
    if (s_.plan.bug == Bug::timer_fires_early) clock_.skew_seconds += 2 * day_seconds;
    try {
        service_.fire_all(due, [&](const Firing& timer, const std::exception& error) {
            line += "; " + timer.case_id.text + ": " + error.what(); // it is tried again when its lease ends
            if (!dynamic_cast<const StoreUnavailable*>(&error)) ++s_.counts["timers broken"];
        });
        s_.counts["timers fired"] += static_cast<std::int64_t>(due.size());
    } catch (const ServerCrashed&) {
        line += "; dies";
        restart();
    }
    clock_.skew_seconds = skew;
    trace_.add(line);
    return true;
}

bool Server::outbox_step() {
    if (notices_.empty()) {
        notices_ = s_.backend.claim_notices(static_cast<int>(s_.dice.between(1, 4)), clock_.now(), lease_seconds);
        told_ = 0;
        return !notices_.empty();
    }
    if (crashes("with a notice in hand")) return true;
    const auto& notice = notices_.front();
    const auto people = world().recipients(notice.notice, notice.place_path);
    if (told_ < people.size()) {
        if (s_.plan.bug != Bug::person_not_told || !s_.dice.chance(s_.plan.bug_per_mille))
            s_.backend.inbox_add(notice, people[told_]);
        if (crashes("between inbox and mail")) return true;
        s_.backend.queue_mail(notice, people[told_]);
        ++told_;
        return true;
    }
    s_.backend.notice_done(notice);
    notices_.erase(notices_.begin());
    told_ = 0;
    return true;
}

bool Server::mail_step() {
    if (mails_.empty()) {
        mails_ = s_.backend.claim_mails(static_cast<int>(s_.dice.between(1, 8)), clock_.now(), lease_seconds);
        return !mails_.empty();
    }
    const auto& mail = mails_.front();
    if (s_.plan.bug != Bug::mail_lost || s_.dice.below(4) != 0) ++far_end_[mail.id];
    if (crashes("between a mail and its mark")) return true; // the mail will be sent twice
    s_.backend.mail_sent(mail, clock_.now());
    mails_.erase(mails_.begin());
    return true;
}

} // namespace cunmai::simulation
