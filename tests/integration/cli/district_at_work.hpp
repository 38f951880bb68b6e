// A district at work: something in every table of its database.
#pragma once

#include "tests/support/demo_app.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {

class DistrictAtWork : public ::testing::Test {
  protected:
    DistrictAtWork();

    static std::string id_of(const std::string& login) { return DemoApp::person(login).text; }

    static inline const std::string village = "990100001201", other_village = "990100001202",
                                    third_village = "990100001203";

    DemoApp app;
    engine::CaseId managed, waiting, checked, meeting, secret_meeting, prescription;
    std::string photo, answers, newcomer;
    int refused = 0;

  private:
    void to_committee(const engine::CaseId& id);
    engine::CaseId convene(const engine::CaseId& id, bool secret);
    void hold_ballot();
    void manage();
    void open_secret_ballot();
    void check_itself();
    void be_refused();
    void administer();
    void keep_the_rest();
};

} // namespace cunmai::test
