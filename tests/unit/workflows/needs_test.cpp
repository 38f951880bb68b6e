// Everything that the workflows read from outside a case is declared, and a need that was not gathered is never taken
// for "nothing found".
#include "engine/needs.hpp"
#include "tests/unit/workflows/district.hpp"
#include "workflows/common/conditions.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cunmai::workflows::test {
namespace {

using namespace engine;

// Calls `look(definition, row)` for all rows of all versions of all workflows.
template <class Look> void each_row(const Registry& registry, const Look& look) {
    for (const auto* definition : registry.all())
        for (const auto& row : definition->info().rows) {
            SCOPED_TRACE(definition->info().key + " " + std::to_string(definition->info().version) + ": " + row.from +
                         " " + row.command + " " + row.to);
            look(*definition, row);
        }
}

bool misses(const Definition& definition, const RowInfo& row, const Json& context, const std::string& need) {
    const Json nothing = Json::object();
    try {
        definition.decide({{"c1"}, {}, row.from, nothing, row.command, nothing, context, {}, {"p"}, {}});
    } catch (const MissingNeed& fault) {
        EXPECT_NE(std::string(fault.what()).find('"' + need + '"'), std::string::npos) << fault.what();
        return true;
    } catch (const std::exception&) { // the case has no facts from which it could be decided
    }
    return false;
}

TEST(WorkflowNeeds, EachOneThatIsTakenAwayIsMissed) {
    District district;
    std::size_t taken = 0;
    each_row(district.registry, [&](const Definition& definition, const RowInfo& row) {
        Json whole{{"roles", row.who}, {"relations", Json::object()}, {"today", "2025-03-01"}};
        for (const auto& who : row.who) whole["relations"][who] = "p";
        add_not_found(whole, definition.info(), row.from, row.command);
        for (const auto& need : row.needs) {
            EXPECT_FALSE(misses(definition, row, whole, need)) << need;
            auto without = whole;
            without.erase(need);
            EXPECT_TRUE(misses(definition, row, without, need)) << need;
            ++taken;
        }
    });
    EXPECT_GT(taken, 60U);
}

TEST(WorkflowNeeds, ADocumentThatACommandNamesIsLookedFor) {
    District district;
    each_row(district.registry, [&](const Definition& definition, const RowInfo& row) {
        const auto& fields = definition.info().command(row.command)->fields;
        const bool names_documents = std::any_of(fields.begin(), fields.end(), [](const Field& field) {
            return field.type == FieldType::document || field.type == FieldType::documents;
        });
        const auto& provided = row.provided;
        EXPECT_EQ(names_documents, std::find(provided.begin(), provided.end(), DocumentsExist::key) != provided.end());
    });
}

TEST(WorkflowNeeds, AreInTheDescriptionOfTheRecord) {
    std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../../docs/record-format.md");
    std::stringstream page;
    page << in.rdbuf();
    District district;
    each_row(district.registry, [&](const Definition&, const RowInfo& row) {
        for (const auto& need : row.needs) EXPECT_NE(page.str().find('`' + need + '`'), std::string::npos) << need;
    });
}

} // namespace
} // namespace cunmai::workflows::test
