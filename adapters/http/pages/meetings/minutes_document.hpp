// The minutes of a meeting as a Word document.
#pragma once

#include "adapters/files/docx.hpp"
#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// Made from the same model as the page `minutes`, so it contains nothing that the page hides as sealed or secret.
docx::Document minutes_document(const View& view);

} // namespace cunmai::http::pages
