// Evidence: the list of a case, and one document with a preview where that is safe.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/services/linking.hpp"
#include "adapters/services/uploads.hpp"

namespace cunmai::http::pages {

Response show_evidence(App& app, const Request& request) {
    View view(app, request);
    const auto row = view.reading().find({request.param("id")});
    if (!row) not_found();
    const auto documents = view.reading().documents(row->id);
    Names names;
    for (const auto& document : documents) names.want(document.added_by.text);
    names.load(app.people, view.language());
    auto& model = view.model;
    view.title(view.t("page.evidence.title", {{"title", case_title(view, *row)}}))
        .crumb(case_href(view.app, *row), case_title(view, *row));
    model["tabs"] = case_tabs(view, *row, "evidence");
    model["tabs_label"] = view.t("page.tab.label");
    model["has_files"] = !documents.empty();
    model["files"] = files(view, documents, names);
    model["empty"] = {{"empty_text", view.t("page.evidence.empty")},
                      {"empty_href", case_href(view.app, *row)},
                      {"empty_link", view.t("page.back_to_case")}};
    return view.page("evidence");
}

Response show_document(App& app, const Request& request) {
    View view(app, request);
    const auto info = documents::readable(app, request.who().viewer, request.param("sha256"));
    if (!info) not_found();
    Names names;
    names.want(info->added_by.text);
    names.load(app.people, view.language());
    auto& model = view.model;
    view.title(info->name);
    auto cases = Json::array();
    for (const auto& id : app.documents.linked_cases(info->sha256))
        if (const auto row = view.reading().find(id)) {
            cases.push_back(
                {{"href", case_href(view.app, *row)}, {"case_text", row->place.name + " · " + case_title(view, *row)}});
            if (cases.size() == 1)
                view.crumb(case_href(view.app, *row), case_title(view, *row))
                    .crumb("/cases/" + row->id.text + "/evidence", view.t("page.tab.evidence"));
        }
    model["has_cases"] = !cases.empty();
    model["cases"] = std::move(cases);
    model["download_href"] = "/api/v1/attachments/" + info->sha256;
    model["is_image"] = is_image(info->media_type);
    model["media_type"] = info->media_type;
    model["file_name"] = info->name;
    model["file_size"] = file_size(view.language(), info->size);
    model["added_text"] = names.of(info->added_by.text) + " · " + view.local(info->added_at);
    model["sha256"] = info->sha256;
    return view.page("document");
}

} // namespace cunmai::http::pages
