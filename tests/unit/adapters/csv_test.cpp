// RFC 4180, strictly.
#include "adapters/files/csv.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Fields = std::vector<std::string>;

std::vector<Fields> records(std::string_view content) {
    std::vector<Fields> all;
    csv::read(content, [&](csv::Record& record) {
        all.push_back(record.problem.empty() ? record.fields : Fields{"! " + record.problem});
    });
    return all;
}

TEST(Csv, ReadsFieldsAndRecords) {
    EXPECT_THAT(records(""), IsEmpty());
    EXPECT_THAT(records("\n\n"), IsEmpty());
    EXPECT_THAT(records("a,b"), ElementsAre(Fields{"a", "b"}));
    EXPECT_THAT(records("a,b\nc,\n"), ElementsAre(Fields{"a", "b"}, Fields{"c", ""}));
    EXPECT_THAT(records("a\r\nb\rc"), ElementsAre(Fields{"a"}, Fields{"b"}, Fields{"c"}));
    EXPECT_THAT(records(","), ElementsAre(Fields{"", ""}));
}

TEST(Csv, ReadsQuotes) {
    EXPECT_THAT(records("\"a,\"\"b\"\"\",c"), ElementsAre(Fields{"a,\"b\"", "c"}));
    EXPECT_THAT(records("\"\",\"\""), ElementsAre(Fields{"", ""}));
    EXPECT_THAT(records("\"a"), ElementsAre(Fields{"! quote_unbalanced"}));
    EXPECT_THAT(records("\"a\"b,c\nd"), ElementsAre(Fields{"! quote_stray"}, Fields{"d"}));
    EXPECT_THAT(records("a\"b\nd"), ElementsAre(Fields{"! quote_stray"}, Fields{"d"}));
}

TEST(Csv, SaysOnWhichLineARecordBegins) {
    std::vector<std::size_t> lines;
    csv::read("a\n\"b\r\nc\"\r\n\nd\n", [&](csv::Record& record) { lines.push_back(record.line); });
    EXPECT_THAT(lines, ElementsAre(1u, 2u, 4u, 5u));
}

TEST(Csv, PassesOverAByteOrderMarkOnlyAtTheStart) {
    EXPECT_THAT(records("\xEF\xBB\xBF"
                        "a"),
                ElementsAre(Fields{"a"}));
    EXPECT_THAT(records("\xFF\xFE"
                        "a"),
                ElementsAre(Fields{"! broken_utf8"}))
        << "UTF-16";
}

} // namespace

} // namespace cunmai::test
