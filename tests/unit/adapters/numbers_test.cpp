// Numbers as people type them.
#include "adapters/words/numbers.hpp"

#include <gtest/gtest.h>

namespace cunmai::http::pages {

namespace {

TEST(Numbers, AreReadAsPeopleTypeThem) {
    for (const auto& [typed, number] : std::vector<std::pair<std::string, Json>>{{"85", 85},
                                                                                 {" 85 ", 85},
                                                                                 {"８５", 85},
                                                                                 {"85.5", 85.5},
                                                                                 {"８５．５", 85.5},
                                                                                 {"85。5", 85.5},
                                                                                 {"-5", -5},
                                                                                 {"－5", -5},
                                                                                 {"+5", 5},
                                                                                 {"50,000", 50000},
                                                                                 {"50，000", 50000},
                                                                                 {"1 250 000.5", 1250000.5},
                                                                                 {"007", 7}})
        EXPECT_EQ(number_typed(typed, false), number) << typed;
}

TEST(Numbers, APercentSignStandsBehindAPercentageOnly) {
    EXPECT_EQ(number_typed("85%", true), 85);
    EXPECT_EQ(number_typed("85.5 ％", true), 85.5);
    EXPECT_EQ(number_typed("85%", false), nullptr);
}

TEST(Numbers, NothingIsGuessed) {
    for (const auto* typed : {"",      " ",   "%",   "-",   ".",    ".5",  "5.", "12,5", "12，5", "1,00,000", "12 5",
                              "1e400", "1e5", "nan", "inf", "0x10", "5万", "五", "5 件", "1.2.3", "--5",      "85%%"})
        EXPECT_EQ(number_typed(typed, true), nullptr) << typed;
    EXPECT_EQ(number_typed(std::string(100, '1'), false), nullptr);
}

} // namespace

} // namespace cunmai::http::pages
