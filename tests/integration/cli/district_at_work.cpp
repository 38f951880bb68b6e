#include "tests/integration/cli/district_at_work.hpp"

#include "adapters/demo/pilot/answers.hpp"
#include "adapters/services/administration.hpp"

#include <sstream>

namespace cunmai::test {

namespace {

Json present(int members) {
    auto people = Json::array({DemoApp::person("chair").text});
    for (int i = 1; i <= members; ++i) people.push_back(DemoApp::person("member" + std::to_string(i)).text);
    return people;
}

} // namespace

DistrictAtWork::DistrictAtWork() {
    managed = app.village_in_review(village);
    to_committee(managed);
    hold_ballot();
    manage();
    waiting = app.village_in_review(other_village);
    to_committee(waiting);
    open_secret_ballot();
    check_itself();
    be_refused();
    administer();
    keep_the_rest();
}

void DistrictAtWork::to_committee(const engine::CaseId& id) {
    app.gives("reviewer-civil_affairs", id, "record_courtyard_meeting",
              {{"participants", "示例"}, {"held_on", app->today()}, {"venue", "示例"}, {"findings", "示例"}});
    for (const auto* department : {"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"})
        app.gives(std::string("reviewer-") + department, id, "sign_opinion",
                  {{"department", department}, {"opinion", "endorse"}, {"text", "示例"}});
    app.gives("panel1", id, "endorse");
}

engine::CaseId DistrictAtWork::convene(const engine::CaseId& id, bool secret) {
    const auto meeting_id = app.opens("secretary", "committee_meeting", "990100", "convene",
                                      {{"title", "示例会议"},
                                       {"meeting_on", app->today()},
                                       {"chair", id_of("chair")},
                                       {"agenda", {id.text}},
                                       {"secret", secret}});
    app.gives("secretary", meeting_id, "start_session", {{"attendance", present(5)}});
    app.gives("secretary", id, "open_ballot", {{"meeting", meeting_id.text}});
    return meeting_id;
}

void DistrictAtWork::hold_ballot() {
    meeting = convene(managed, false);
    app.gives("secretary", meeting, "record_attendance", {{"attendance", present(6)}});
    for (const auto* login : {"chair", "member1", "member2", "member3", "member4", "member5", "member6"})
        app.gives(login, managed, "cast_vote", {{"choice", "approve"}});
    app.gives("secretary", managed, "close_ballot");
    app.gives("secretary", meeting, "close_meeting", {{"minutes", "示例"}});
}

void DistrictAtWork::manage() {
    app.gives("s-990100001", managed, "adopt_plan",
              {{"programme", "示例"}, {"measures", "示例"}, {"funds_committed", 1000}, {"monitoring_cycle_days", 30}});
    app.gives("panel1", managed, "assign",
              {{"commander", id_of("commander1")},
               {"supervisor", id_of("s-990100001")},
               {"coordinator", id_of("coordinator-industry1")}});
    app.gives("s-990100001", managed, "issue_prescription",
              {{"problem", "示例"},
               {"task", "示例"},
               {"root_cause", "示例"},
               {"measures", "示例"},
               {"acceptance_criterion", "示例"},
               {"responsible_person", id_of("v-" + village)},
               {"deadline_on", "2199-03-01"}});
    const auto facts = app->cases.row(managed)->facts;
    prescription.text = facts.at("prescriptions").begin().key();
    app.gives("s-990100001", prescription, "issue");
}

void DistrictAtWork::open_secret_ballot() {
    secret_meeting = convene(waiting, true);
    app.gives("member1", waiting, "cast_vote", {{"choice", "approve"}});
}

// With a photo that only the answers name.
void DistrictAtWork::check_itself() {
    const auto add = [&](const std::string& text, const std::string& type) {
        std::istringstream content(text);
        const auto by = DemoApp::person("v-" + third_village);
        return app->documents.add(content, "a", type, by, app->clock.now(), 1 << 20).sha256;
    };
    checked = app.opens("panel1", "village_lifecycle", third_village, "open", Json::object());
    photo = add("a photo", "image/jpeg");
    answers = add(pilot::answers_document(app->rules.get("catalogue"), {}, photo, "示例").dump(), "application/json");
    engine::CommandRequest request;
    request.case_id = checked;
    request.expected_version = 1;
    request.name = "submit_self_check";
    request.payload = {{"answers", answers}};
    request.actor = DemoApp::person("v-" + third_village);
    request.idempotency_key = "with documents";
    request.documents = {answers, photo};
    ASSERT_EQ(app->service.execute(request).kind, engine::Outcome::Kind::accepted);
}

void DistrictAtWork::be_refused() {
    for (const auto* login : {"v-990100001201", "member1", "v-990100001201"}) {
        engine::CommandRequest request;
        request.case_id = managed;
        request.name = "adopt_plan";
        request.payload = Json::object();
        request.actor = DemoApp::person(login);
        request.idempotency_key = std::string("refused ") + std::to_string(++refused);
        ASSERT_NE(app->service.execute(request).kind, engine::Outcome::Kind::accepted);
    }
}

void DistrictAtWork::administer() {
    namespace admin = administration;
    const auto ok = [](const admin::Result& result) {
        ASSERT_TRUE(result.ok()) << engine::to_json(result.refusal).dump();
    };
    const auto root = DemoApp::person("sysadmin"), security = DemoApp::person("secadmin");
    db::Person person;
    person.login = "newcomer";
    person.name = "示例新人";
    const auto added = admin::add_person(*app, root, person, "a long password 1");
    ok(added);
    newcomer = added.id;
    const auto granted = admin::add_grant(*app, security, {newcomer}, "town_officer", "", "990100001");
    ok(granted);
    ok(admin::remove_grant(*app, security, granted.id));
    ok(admin::delegate(*app, DemoApp::person("o-990100001"), DemoApp::person("o-990100002"), "town_officer",
                       app->today(), app->today(), "示例"));
    ok(admin::declare_interest(*app, DemoApp::person("member8"), village, "示例"));
    ok(admin::set_rule(*app, root, "extensions_max", 3));
    ok(admin::add_place(*app, root, {"990100001901", "示例新村", "990100001", "village", ""}));
}

void DistrictAtWork::keep_the_rest() {
    const auto now = app->clock.now();
    const auto person = DemoApp::person("panel1");
    app->sessions.add({std::string(64, 'a'), person, "browser", "x", "", now, now, now.plus_seconds(99), 0});
    app->sessions.failed("nobody", now);
    app->access_log.add({now, person, "GET", "/x", "", "", "", 200});
    app->drafts.save(checked, {{"ORG-01", {{"value", 1}}}}, person, now);
    app->rules.put_setting("of the test", "1");
    app->inbox.add({"n1", person, managed, "managed", Json::object(), now, false}, "o1");
    app->outbox.queue_mail({"m1", "o1", person.text, "a@example.invalid", "s", "b"});
}

} // namespace cunmai::test
