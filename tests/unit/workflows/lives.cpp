#include "tests/unit/workflows/lives.hpp"

#include "engine/time.hpp"

#include <algorithm>

namespace cunmai::workflows::test {

using namespace engine;

const std::vector<std::string>& Lives::everybody() {
    static const std::vector<std::string> committee{"ch", "m1", "m2", "m3", "m4"};
    return committee;
}

// ---- steps --------------------------------------------------------------------------------------------------------

Case Lives::open(const std::string& place, const std::string& round) {
    const auto opened =
        district_->open("village_lifecycle", place, "open",
                        {{"self_check_due_on", in_days(10)}, {"screening_due_on", in_days(20)}}, "pl", round);
    EXPECT_THAT(opened, is_accepted());
    return {district_, opened.case_id};
}

Case Lives::open_targeted(const std::string& place) {
    const auto opened = district_->open("village_lifecycle", place, "open_targeted", {{"reason", "预警"}}, "ts");
    EXPECT_THAT(opened, is_accepted());
    return {district_, opened.case_id};
}

void Lives::self_check(const Case& village) {
    auto answers = good_answers();
    for (auto& [code, answer] : answers["answers"].items()) answer["evidence"] = {district_->evidence};
    village.does("submit_self_check", {{"answers", district_->upload(answers.dump())}});
}

void Lives::review(const Case& village) {
    village.does("record_interview");
    village.does("record_courtyard_meeting");
    village.does("record_consultation");
    for (const auto* department : {"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"})
        village.as(std::string("dr-") + department).does("sign_opinion", {{"department", department}});
    village.as("pl").does("endorse");
}

Case Lives::meeting_for(const Case& village, const std::vector<std::string>& present, bool secret) {
    Json payload{{"title", "会议"}, {"meeting_on", district_->today()}, {"chair", "ch"}, {"agenda", {village.id()}}};
    if (secret) payload["secret"] = true;
    const Case meeting{district_,
                       district_->open("committee_meeting", district_code, "convene", payload, "sec").case_id};
    meeting.does("set_agenda", {{"agenda", {village.id()}}});
    meeting.does("start_session", {{"attendance", present}});
    meeting.does("record_attendance", {{"attendance", present}});
    meeting.does("set_agenda", {{"agenda", {village.id()}}});
    return meeting;
}

void Lives::ballot(const Case& village, int approve, int reject, const std::vector<std::string>& present, bool secret) {
    const auto meeting = meeting_for(village, present, secret);
    village.does("open_ballot", {{"meeting", meeting.id()}});
    meeting.does("record_attendance", {{"attendance", present}}); // the village's case is told
    const auto vote = [&](const std::string& member, const std::string& choice) {
        Json given{{"choice", choice}};
        if (choice != "approve" && !secret) given["reason"] = "示例";
        village.as(member).does("cast_vote", given);
    };
    for (std::size_t i = 0; i < everybody().size(); ++i) {
        const auto& member = everybody()[i];
        if (static_cast<int>(i) < approve)
            vote(member, "approve");
        else if (static_cast<int>(i) < approve + reject)
            vote(member, "reject");
        else if (member != "m4" && std::find(present.begin(), present.end(), member) != present.end())
            vote(member, "abstain");
    }
    village.as("m4").does("recuse");
    village.does("close_ballot");
    meeting.does("close_meeting");
}

Case Lives::managed(const std::string& place) {
    const auto village = open_targeted(place);
    village.does("nominate", {{"category", "governance"}});
    review(village);
    ballot(village, 3, 0);
    EXPECT_EQ(village.state(), "managed");
    return village;
}

void Lives::manage(const Case& village) {
    village.does("adopt_plan");
    village.does("assign");
    village.does("replace_assignee", {{"post", "coordinator"}, {"person", "vc2"}});
}

Case Lives::prescription(const Case& village, const Json& given) {
    return {district_, village.does("issue_prescription", given).created};
}

void Lives::issue(const Case& rx) {
    rx.does("issue", {{"task", "示例"},
                      {"responsible_person", "vo"},
                      {"acceptance_criterion", "示例"},
                      {"deadline_on", in_days(30)}});
}

void Lives::close(const Case& rx) {
    issue(rx);
    for (const auto* command : {"accept", "report_progress", "submit_for_check", "accept_result"}) rx.does(command);
}

void Lives::evaluate(const Case& village) {
    for (const auto* command : {"record_self_evaluation", "record_public_evaluation", "record_town_assessment",
                                "record_district_assessment", "record_commander_opinion"})
        village.does(command);
    village.as("vc2").does("record_coordinator_opinion");
    village.does("endorse_exit");
}

Case Lives::in_follow_up(const std::string& place) {
    const auto village = managed(place);
    manage(village);
    close(prescription(village));
    village.does("request_exit");
    evaluate(village);
    ballot(village, 3, 0);
    EXPECT_EQ(village.state(), "follow_up");
    return village;
}

void Lives::end(const Case& village) { village.does("terminate"); }

void Lives::days_later(int count) { district_->pass_until(in_days(count)); }

std::string Lives::in_days(int count) const { return to_text(add_days(parse_date(district_->today()).value(), count)); }

// ---- lives --------------------------------------------------------------------------------------------------------

void Lives::screening_ends() {
    const auto village = open();
    self_check(village);
    village.as("to").does("return_to_village");
    self_check(village);
    village.does("decline");
    const auto round = district_->open("screening_round", district_code, "announce",
                                       {{"title", "批次"},
                                        {"self_check_due_on", district_->today()},
                                        {"screening_due_on", district_->today()},
                                        {"review_due_on", district_->today()}},
                                       "pl");
    EXPECT_THAT(district_->give(round.case_id, "close_round", Json::object(), "pl"), is_accepted());
    const auto meeting =
        district_->open("committee_meeting", district_code, "convene",
                        {{"title", "会议"}, {"meeting_on", district_->today()}, {"chair", "ch"}}, "sec");
    EXPECT_THAT(district_->give(meeting.case_id, "cancel_meeting", {{"reason", "改期"}}, "sec"), is_accepted());
}

void Lives::review_and_votes_end() {
    auto village = open_targeted();
    village.does("nominate", {{"category", "governance"}});
    village.does("return_to_town");
    village.does("nominate", {{"category", "governance"}});
    village.does("decline");

    village = open_targeted();
    village.does("nominate", {{"category", "governance"}});
    review(village);
    ballot(village, 2, 2);
    EXPECT_EQ(village.state(), "department_review") << "a tie: deferred";
    village.does("record_consultation");
    village.as("pl").does("endorse");
    ballot(village, 1, 0, {"ch", "m4"});
    EXPECT_EQ(village.state(), "committee_approval") << "no quorum";
    ballot(village, 1, 3);
    EXPECT_EQ(village.state(), "not_listed");
}

void Lives::exits_end() {
    const auto village = managed();
    manage(village);
    village.does("request_exit");
    village.does("deny_exit");
    village.does("request_exit");
    evaluate(village);
    ballot(village, 2, 2);
    EXPECT_EQ(village.state(), "exit_review") << "deferred";
    village.does("record_district_assessment");
    village.does("endorse_exit");
    ballot(village, 1, 0, {"ch", "m4"});
    EXPECT_EQ(village.state(), "exit_approval") << "no quorum";
    ballot(village, 0, 3);
    EXPECT_EQ(village.state(), "managed");
    end(village);
}

void Lives::years_of_follow_up() {
    const auto village = in_follow_up();
    village.as("to").does("record_look_back", {{"finding", "slipping"}});
    village.as("to").does("record_look_back", {{"finding", "relapsed"}});
    village.does("adopt_plan", {{"funds_committed", 100}, {"monitoring_cycle_days", 20}});
    village.does("replace_assignee", {{"post", "commander"}, {"person", "dc2"}});
    const auto rx = prescription(village);
    village.as("ts").does("report_relapse");
    rx.as("pl").does("cancel"); // a case under review is told
    review(village);
    ballot(village, 3, 0);
    close(prescription(village, {{"source", "REL-01"}}));
    village.does("request_exit");
    for (const auto* command :
         {"record_self_evaluation", "record_public_evaluation", "record_town_assessment", "record_district_assessment"})
        village.does(command);
    village.as("dc2").does("record_commander_opinion");
    village.as("vc2").does("record_coordinator_opinion");
    village.does("endorse_exit");
    ballot(village, 3, 0);
    village.as("to").does("record_look_back");
    village.as("dr-organisation").does("record_look_back");
    close(prescription(village));
    days_later(366);
    village.does("complete_follow_up");
}

void Lives::prescriptions() {
    const auto village = managed();
    manage(village);
    auto rx = prescription(village);
    issue(rx);
    rx.does("decline_responsibility");
    issue(rx);
    rx.does("accept");
    const auto later = in_days(40);
    rx.does("request_extension", {{"until_on", later}});
    rx.does("refuse_extension");
    rx.does("request_extension", {{"until_on", later}});
    rx.does("grant_extension");
    rx.does("submit_for_check");
    rx.does("reject_result");
    rx.does("submit_for_check");
    rx.does("accept_result");
    rx.does("reopen", {{"deadline_on", later}});

    std::vector<Case> waiting; // one in each running state, while all deadlines pass
    for (const auto* state : {"issued", "in_progress", "awaiting_check"}) {
        waiting.push_back(prescription(village));
        issue(waiting.back());
        if (std::string(state) != "issued") waiting.back().does("accept");
        if (std::string(state) == "awaiting_check") waiting.back().does("submit_for_check");
    }
    days_later(60);
    for (const auto& one : waiting) {
        EXPECT_EQ(one.colour(), "red");
        one.as("pl").does("cancel");
    }
    prescription(village).as("pl").does("cancel");
    prescription(village); // drafted; withdrawn below
    issue(prescription(village));
    const auto running = prescription(village);
    issue(running);
    running.does("accept");
    const auto checked = prescription(village);
    issue(checked);
    checked.does("accept");
    checked.does("submit_for_check");
    end(village);
}

// Cases are ended in every state, and told about a prescription in every state.
void Lives::terminations() {
    for (const auto* state : {"self_check", "town_screening", "department_review", "committee_approval", "managed",
                              "exit_review", "exit_approval", "follow_up"}) {
        const Case village = a_village().in(state);
        const Case rx{village.shared(),
                      village.district().place_case(
                          "prescription", village_code, "issued",
                          {{"parent", village.id()}, {"responsible_person", "vo"}, {"problem", "示例"}})};
        rx.does("accept");
        village.does("terminate");
        for (auto& [id, events] : village.district().store.memory.events) {
            auto& kept = district_->store.memory.events[{state + ("-" + id.text)}];
            kept.insert(kept.end(), events.begin(), events.end());
        }
    }
}

void Lives::migrations() {
    for (const auto& state : district_->registry.find("village_lifecycle", 1)->info().states) {
        if (state.final) continue;
        const auto id = district_->place_case("village_lifecycle", village_code, state.key,
                                              {{"opened_on", district_->today()}, {"due", Json::object()}}, "", 1);
        EXPECT_THAT(district_->service.migrate(id, false), is_accepted()) << state.key;
    }
}

void Lives::everything() {
    screening_ends();
    review_and_votes_end();
    exits_end();
    years_of_follow_up();
    prescriptions();
}

} // namespace cunmai::workflows::test
