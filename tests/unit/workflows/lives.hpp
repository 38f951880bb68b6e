// Whole lives of cases in the invented district, from the first command to the last. The tests of the tables play them,
// and the golden record (tests/golden/) is made of their events.
#pragma once

#include "tests/unit/workflows/district.hpp"

namespace cunmai::workflows::test {

class Lives {
  public:
    // After each of these, the village has no open case.
    void screening_ends();
    void review_and_votes_end();
    void exits_end();
    void years_of_follow_up();
    void prescriptions();
    void everything();
    // Cases are ended in every state, and told about a prescription in every state. They are put there, not played.
    void terminations();
    // Cases in every open state are brought from the first version to the newest.
    void migrations();

    Case open(const std::string& place = village_code, const std::string& round = "");
    Case open_targeted(const std::string& place = village_code);
    void self_check(const Case& village);
    void review(const Case& village);
    // A meeting in session with the case on its agenda.
    Case meeting_for(const Case& village, const std::vector<std::string>& present, bool secret = false);
    // A whole meeting for one case; the first approve, the next reject, the others abstain; m4 recuses.
    void ballot(const Case& village, int approve, int reject, const std::vector<std::string>& present = everybody(),
                bool secret = false);
    Case managed(const std::string& place = village_code);
    void manage(const Case& village);
    Case prescription(const Case& village, const Json& given = Json::object());
    void issue(const Case& rx);
    void close(const Case& rx);
    void evaluate(const Case& village);
    Case in_follow_up(const std::string& place = village_code);
    void end(const Case& village);
    void days_later(int count);
    std::string in_days(int count) const; // the date so many days from now

    static const std::vector<std::string>& everybody(); // of the committee

    std::shared_ptr<District> district_ = std::make_shared<District>();
};

} // namespace cunmai::workflows::test
