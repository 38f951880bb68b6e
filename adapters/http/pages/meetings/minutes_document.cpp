#include "adapters/http/pages/meetings/minutes_document.hpp"

#include "adapters/words/names.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

// A text of a model: "" where it says false.
std::string text_in(const Json& model, const char* key) {
    const auto& value = model.at(key);
    return value.is_string() ? value.get<std::string>() : "";
}

class Minutes {
  public:
    explicit Minutes(const View& view) : view_(view), document_(view.language(), text_in(view.model, "title")) {}

    docx::Document document() && {
        head();
        if (const auto minutes = text_in(view_.model, "minutes"); !minutes.empty()) {
            document_.heading(1, view_.t("page.meeting.minutes"));
            document_.paragraph(minutes);
        }
        document_.heading(1, view_.t("page.meeting.agenda"));
        for (const auto& item : view_.model.at("agenda")) agenda_item(item);
        if (view_.model.at("agenda").empty()) document_.paragraph(view_.t("page.meeting.no_agenda"));
        document_.note(view_.t("ui.printed_on") + " " + text_in(view_.model, "printed_text") + " · " +
                       view_.t("ui.record_hash") + " " + text_in(view_.model, "event_hash"));
        return std::move(document_);
    }

  private:
    void labelled(const char* label, const std::string& text) { labelled_text(view_.t(label), text); }
    void labelled_text(const std::string& label, const std::string& text) {
        document_.labelled(view_.t("page.label_value", {{"label", label}, {"value", ""}}), text);
    }

    void head() {
        const auto& model = view_.model;
        labelled("page.meetings.on", text_in(model, "meeting_on"));
        labelled("page.meeting.chair", text_in(model, "chair"));
        labelled("page.meeting.kind", text_in(model, "secret_text"));
        labelled("page.meeting.attendance", text_in(model, "present_text"));
        std::vector<std::pair<std::string, std::vector<std::string>>> members; // by how they attended
        for (const auto& member : model.at("attendance")) {
            const auto how = text_in(member, "tag_text");
            auto group =
                std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.first == how; });
            if (group == members.end()) group = members.insert(members.end(), {how, {}});
            group->second.push_back(text_in(member, "name"));
        }
        for (const auto& [how, names] : members) labelled_text(how, join(view_.language(), names));
    }

    void agenda_item(const Json& item) {
        document_.heading(2, text_in(item, "case_title"));
        const auto category = text_in(item, "category");
        document_.paragraph(text_in(item, "tag_text") + (category.empty() ? "" : " · " + category));
        for (const auto& one : item.at("ballots")) ballot(one);
        if (item.at("ballots").empty()) document_.paragraph(view_.t("page.meeting.no_ballot"));
    }

    void ballot(const Json& ballot) {
        document_.heading(3, text_in(ballot, "ballot_title"));
        document_.paragraph(text_in(ballot, "tag_text"));
        labelled("ui.entitled", text_in(ballot, "entitled"));
        labelled("ui.present", view_.t("ui.present_of_quorum", ballot));
        document_.paragraph(text_in(ballot, "rule_text"));
        if (ballot.at("is_open") == true) {
            document_.paragraph(view_.t("ui.sealed_until_closed"));
        } else {
            std::vector<std::vector<std::string>> counts;
            for (const auto& row : ballot.at("rows"))
                counts.push_back({text_in(row, "row_text"), text_in(row, "count")});
            document_.table(view_.t("ui.votes_counted"), {view_.t("ui.vote"), view_.t("ui.count")}, counts);
        }
        named_votes(ballot);
        if (const auto minutes = text_in(ballot, "ballot_minutes"); !minutes.empty()) {
            labelled("page.meeting.ballot_minutes", "");
            document_.paragraph(minutes);
        }
    }

    void named_votes(const Json& ballot) {
        std::vector<std::vector<std::string>> votes;
        for (const auto& vote : ballot.at("votes"))
            votes.push_back({text_in(vote, "voter"), text_in(vote, "vote_text"), text_in(vote, "vote_reason")});
        if (!votes.empty())
            document_.table(view_.t("ui.named_votes"),
                            {view_.t("page.minutes.member"), view_.t("ui.vote"), view_.t("page.minutes.reason")},
                            votes);
    }

    const View& view_;
    docx::Document document_;
};

} // namespace

docx::Document minutes_document(const View& view) { return Minutes(view).document(); }

} // namespace cunmai::http::pages
