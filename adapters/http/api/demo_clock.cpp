// The clock of a demo server can be moved forwards. Every other server refuses, by the access of the route.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

#include <mutex>

namespace cunmai::http::api {

namespace {

constexpr auto offset_setting = "clock_offset_micros"; // read again at start: adapters/services/app.cpp
constexpr std::int64_t day_seconds = 86'400;

Json view(const App& app) {
    return {{"now", engine::to_iso(app.clock.now())},
            {"today", app.today()},
            {"offset_seconds", app.clock.offset_micros() / 1'000'000}};
}

void move_to(App& app, engine::Instant target) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    const auto now = app.clock.now();
    engine::Refusal why;
    if (target < now) why.add_for("now", "clock_backwards");
    const auto latest = *engine::parse_iso("2099-12-31T00:00:00Z");
    if (target > latest) why.add_for("now", "clock_too_far");
    if (!why.empty()) refused(why);
    const auto offset = app.clock.offset_micros() + target.micros - now.micros;
    app.rules.put_setting(offset_setting, std::to_string(offset)); // stored first, so that a restart does not go back
    app.clock.set_offset(offset);
}

} // namespace

Endpoint clock() {
    const auto handler = [](App& app, const Request&) { return Response::json(200, view(app)); };
    return {handler, Describe("What time the demo server thinks it is", "demo").answers(200, ref("Clock"))};
}

Endpoint move_clock() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        if (const auto now = body.find("now"); now != body.end())
            move_to(app, *engine::parse_iso(now->get<std::string>()));
        else
            move_to(app, app.clock.now().plus_seconds(body.at("advance_days").get<std::int64_t>() * day_seconds));
        return Response::json(200, view(app));
    };
    return {handler,
            Describe("Move the clock forwards. Sessions age with it: sign in again", "demo")
                .takes({{"oneOf", {object({{"now", instant()}}), object({{"advance_days", number(1, 3660)}})}}})
                .answers(200, ref("Clock"))};
}

Endpoint settle() {
    const auto handler = [](App& app, const Request&) {
        const auto settled = app.settle_now(app);
        return Response::json(200, {{"timers", settled.timers},
                                    {"notices", settled.notices},
                                    {"mails_sent", settled.mails_sent},
                                    {"mails_failed", settled.mails_failed}});
    };
    const Json count{{"type", "integer"}, {"minimum", 0}};
    return {
        handler,
        Describe("Run due timers and deliveries until nothing is due", "demo")
            .answers(200,
                     object({{"timers", count}, {"notices", count}, {"mails_sent", count}, {"mails_failed", count}}))};
}

} // namespace cunmai::http::api
