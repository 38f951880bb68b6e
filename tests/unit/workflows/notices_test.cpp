// Who is told what, as a reviewed table: notices.txt has one line for each kind of notice that the played lives send.
// A missing, an additional or a changed notice fails, and the whole new table is printed. It is reviewed like a rule
// before it replaces the old one: a role that is left out here is a person who never hears of their work.
#include "engine/time.hpp"
#include "tests/unit/workflows/lives.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using cunmai::test::Posted;

std::string joined(const std::set<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "-" : text;
}

// Where in the facts the person stands: "assigned/commander", "present/*".
void find_person(const Json& facts, const std::string& person, const std::string& at, std::set<std::string>& found) {
    if (facts.is_string() && facts == person) found.insert(at);
    if (facts.is_array())
        for (const auto& one : facts) find_person(one, person, at + "/*", found);
    if (facts.is_object())
        for (const auto& [key, value] : facts.items())
            find_person(value, person, (at.empty() ? "" : at + "/") + key, found);
}

class NoticesTest : public ::testing::Test, protected Lives {
  protected:
    // What binds a person to the case, not who it happens to be.
    std::string told_as(const Posted& posted, const PersonId& person) const {
        const auto& definition = district_->definition_of(*posted.row);
        const CaseView view{posted.row->id, posted.row->place, posted.row->state, posted.row->facts};
        std::set<std::string> as;
        const auto relations = definition.relations(view);
        for (const auto& [relation, people] : relations.items())
            if (people == person.text ||
                (people.is_array() && std::find(people.begin(), people.end(), person.text) != people.end()))
                as.insert(relation);
        if (as.empty())
            for (const auto& involved : definition.involved(view))
                if (involved.person == person) as.insert(involved.as);
        if (as.empty()) find_person(posted.row->facts, person.text, "", as);
        return as.empty() ? "person " + person.text : *as.begin();
    }

    std::string line_of(const Posted& posted) const {
        const auto& notice = posted.notice;
        std::set<std::string> people, params;
        for (const auto& person : notice.people) people.insert(told_as(posted, person));
        for (const auto& [key, value] : notice.params.items()) params.insert(key);
        return posted.row->definition + " " + posted.command + ", " + posted.from + " -> " + posted.row->state + ": " +
               notice.topic + " | " + joined({notice.roles.begin(), notice.roles.end()}) + " | " +
               (notice.qualifier.empty() ? "-" : notice.qualifier) + " | " + joined(people) + " | " + joined(params);
    }
};

TEST_F(NoticesTest, AreThoseOfTheTable) {
    everything();
    std::set<std::string> sent;
    for (const auto& posted : district_->store.memory.posted) sent.insert(line_of(posted));

    std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "notices.txt");
    ASSERT_TRUE(in);
    std::set<std::string> reviewed;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#') reviewed.insert(line);

    for (const auto& line : reviewed) EXPECT_TRUE(sent.contains(line)) << "no longer sent: " << line;
    for (const auto& line : sent) EXPECT_TRUE(reviewed.contains(line)) << "not in the table: " << line;
    if (sent == reviewed) return;
    std::string table;
    for (const auto& line : sent) table += line + "\n";
    FAIL() << "The table would now be:\n" << table;
}

} // namespace
} // namespace cunmai::workflows::test
