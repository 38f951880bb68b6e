// What the workflows say of how they are shown is there: words in both languages, pages in the table.
#include "adapters/http/pages/special_pages.hpp"
#include "adapters/words/texts.hpp"
#include "engine/presentation.hpp"
#include "engine/registry.hpp"
#include "workflows/all.hpp"
#include "workflows/roles.hpp"

#include <gtest/gtest.h>

namespace cunmai {
namespace {

class Presentations : public ::testing::Test {
  protected:
    Presentations() { workflows::add_all(registry); }
    template <class Look> void each(Look look) {
        for (const auto* definition : registry.current()) look(*definition, definition->presentation());
    }
    static void expect_words(std::string_view key) {
        if (key.empty()) return;
        for (const auto* language : {"zh-CN", "en"}) EXPECT_TRUE(texts::has(language, key)) << language << " " << key;
    }
    static void expect_page(std::string_view key) {
        if (key.empty()) return;
        EXPECT_NO_THROW(http::pages::special_page(key, "1")) << key;
    }
    static void expect_roles(const engine::Keys& roles) {
        for (const auto role : roles) EXPECT_TRUE(workflows::all_roles().find(role)) << role;
    }
    void expect_workflow(std::string_view key) { EXPECT_TRUE(key.empty() || registry.newest(key)) << key; }
    engine::Registry registry;
};

TEST_F(Presentations, NameOnlyWhatTheirWorkflowHas) {
    each([](const auto& definition, const auto&) { EXPECT_NO_THROW(engine::check_presentation(definition)); });
}

TEST_F(Presentations, HaveTheirWordsInBothLanguages) {
    each([&](const auto& definition, const auto& shown) {
        expect_words(shown.list_title);
        expect_words(shown.home_by_state);
        expect_words(shown.opening_text);
        for (const auto& column : shown.columns) expect_words(column.heading);
        for (const auto* counts : {&shown.counts, &shown.home})
            for (const auto& count : *counts) expect_words(count.message);
        for (const auto& question : shown.questions)
            expect_words("decision." + definition.info().key + "." + std::string(question.key));
        for (const auto& mend : shown.mends) {
            expect_words("reason." + std::string(mend.reason));
            expect_words(mend.link_text);
        }
        for (const auto* links : {&shown.tabs, &shown.links})
            for (const auto& link : *links) expect_words(link.text);
        for (const auto& children : shown.children)
            for (const auto message : {children.heading, children.none, children.ended, children.to_list})
                expect_words(message);
        for (const auto category : shown.categories) expect_words("category." + std::string(category));
    });
}

TEST_F(Presentations, NamePagesRolesAndOtherWorkflowsThatThereAre) {
    each([&](const auto&, const auto& shown) {
        for (const auto page : {shown.case_page, shown.list_page, shown.opening_page}) expect_page(page);
        for (const auto& [command, page] : shown.command_pages) expect_page(page);
        for (const auto* links : {&shown.tabs, &shown.links})
            for (const auto& link : *links) expect_page(link.page);
        for (const auto& mend : shown.mends) {
            expect_page(mend.link.page);
            expect_workflow(mend.link.definition);
        }
        expect_roles(shown.listed_for);
        for (const auto& offered : shown.offered) {
            expect_roles(offered.roles);
            expect_workflow(offered.cases_of);
            expect_workflow(offered.openings);
        }
        for (const auto& children : shown.children) expect_workflow(children.definition);
        expect_workflow(shown.batch_of);
    });
}

TEST_F(Presentations, LeaveNoQuestionWithoutARowForEachAnswerInItsStates) {
    each([&](const auto& definition, const auto& shown) {
        for (const auto& question : shown.questions) {
            EXPECT_GT(question.answers.size(), 1U) << question.key;
            for (const auto state : question.states)
                for (const auto answer : question.answers)
                    EXPECT_FALSE(definition.info().who_may(state, answer).empty()) << state << " " << answer;
        }
    });
}

TEST(SpecialPages, ThatNobodyRegisteredAreAFault) {
    EXPECT_THROW(http::pages::special_page("no_such_page"), std::logic_error);
    EXPECT_EQ(http::pages::special_page("meeting", "0a1b"), "/meetings/0a1b");
}

} // namespace
} // namespace cunmai
