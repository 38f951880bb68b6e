// Every key that a workflow can show has its words in both languages; every refusal has its sentence.
#include "tests/unit/workflows/district.hpp"
#include "workflows/roles.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace cunmai::workflows::test {
namespace {

namespace files = std::filesystem;

const files::path root = files::path(__FILE__).parent_path() / "../../..";

Json messages(const std::string& language) {
    std::ifstream in(root / "templates/messages" / language / "workflow.json");
    return Json::parse(in);
}

std::string text_of(const files::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> placeholders(const std::string& text) {
    static const std::regex name("\\{([a-z_]+)\\}");
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) names.insert((*at)[1]);
    return names;
}

class Messages : public ::testing::TestWithParam<const char*> {
  protected:
    void expect(const std::string& key) {
        EXPECT_TRUE(words_.contains(key) && words_.at(key).is_string() && words_.at(key) != "") << key;
    }
    Json words_ = messages(GetParam());
    District district_;
};
INSTANTIATE_TEST_SUITE_P(Languages, Messages, ::testing::Values("zh-CN", "en"),
                         [](const auto& each) { return std::string(each.param) == "en" ? "en" : "zh"; });

TEST_P(Messages, NameEveryStateCommandFieldChoiceAndCondition) {
    for (const auto* definition : district_.registry.all()) {
        const auto& info = definition->info();
        expect("definition." + info.key);
        for (const auto& state : info.states) expect("state." + info.key + "." + state.key);
        for (const auto& command : info.commands) {
            expect("command." + info.key + "." + command.key);
            for (const auto& field : command.fields) {
                expect("field." + field.key);
                for (const auto& choice : field.choices) expect("choice." + field.key + "." + choice);
            }
        }
        for (const auto& row : info.rows)
            for (const auto& condition : row.provided) expect("condition." + condition);
    }
}

TEST_P(Messages, NameEveryRoleAndWhoMayActInARefusal) {
    const auto& roles = all_roles();
    for (const auto& role : roles.all()) {
        expect("role." + role.key);
        expect("level." + role.level);
    }
    for (const auto* definition : district_.registry.all())
        for (const auto& row : definition->info().rows)
            for (const auto& who : row.who) {
                expect("who." + who);
                expect((roles.find(who) || who == "engine" ? "role." : "relation.") + who);
            }
}

TEST_P(Messages, NameTheDistrictsWords) {
    for (const auto& category : categories()) expect("category." + category);
    for (const auto& department : departments()) expect("department." + department);
    for (const auto& kind : coordinator_kinds()) expect("coordinator." + kind);
    for (const auto* post : {"commander", "supervisor", "coordinator"}) expect(std::string("post.") + post);
    for (const auto* colour : {"green", "yellow", "red"}) expect(std::string("colour.") + colour);
    for (const auto* result : {"passed", "rejected", "deferred", "no_quorum", "votes_lost", "void"})
        expect(std::string("result.") + result);
    for (const auto* evaluation : {"self", "public", "town", "district"})
        expect(std::string("evaluation.") + evaluation);
    for (const auto* finding : {"holds", "slipping", "relapsed"}) expect(std::string("finding.") + finding);
}

// The codes as they stand in the sources of engine/ and workflows/.
std::set<std::string> reason_codes() {
    const std::vector<std::regex> patterns{
        std::regex("\\badd\\(\\s*\"([a-z_]+)\""),                       // why.add("code"
        std::regex("add_for\\([^;]*?,\\s*\"([a-z_]+)\"\\s*[,)]"),       // why.add_for(field, "code"
        std::regex("\\bproblem\\(\\s*\"([a-z_]+)\""),                   // FieldCheck::problem("code"
        std::regex("name_all\\([^;]*\"[a-z_]+\",\\s*\"([a-z_]+)\"\\)"), // helpers of conditions.cpp
        std::regex("\\b(?:check|compare)\\(\"[a-z_]+\",\\s*\"([a-z_]+)\"")};
    std::set<std::string> codes;
    for (const auto* room : {"engine", "workflows"})
        for (const auto& file : files::recursive_directory_iterator(root / room)) {
            if (file.path().extension() != ".cpp" && file.path().extension() != ".hpp") continue;
            const auto text = text_of(file.path());
            for (const auto& pattern : patterns)
                for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
                    codes.insert((*at)[1]);
        }
    return codes;
}

TEST_P(Messages, SayEveryRefusalInASentence) {
    const auto codes = reason_codes();
    for (const auto* known :
         {"answers_missing", "funds_lowered", "not_a_date", "already_open", "interviews_missing",
          "not_a_town_supervisor", "deadline_not_ahead", "missing", "own_nomination", "ballot_not_open"})
        EXPECT_TRUE(codes.contains(known)) << "the scan misses " << known;
    const std::string stop = std::string(GetParam()) == "en" ? "." : "。";
    for (const auto& code : codes) {
        expect("reason." + code);
        const auto sentence = words_.value("reason." + code, "");
        EXPECT_TRUE(sentence.size() > stop.size() && sentence.ends_with(stop)) << code << ": " << sentence;
    }
}

TEST(MessageCatalogues, HaveTheSameKeysAndPlaceholders) {
    const auto chinese = messages("zh-CN"), english = messages("en");
    for (const auto& [key, value] : chinese.items()) EXPECT_TRUE(english.contains(key)) << "not in en: " << key;
    for (const auto& [key, value] : english.items()) {
        ASSERT_TRUE(chinese.contains(key)) << "not in zh-CN: " << key;
        for (const auto& name : placeholders(value))
            EXPECT_TRUE(placeholders(chinese.at(key)).contains(name) || key.starts_with("reason."))
                << key << " {" << name << "}";
    }
}

} // namespace
} // namespace cunmai::workflows::test
