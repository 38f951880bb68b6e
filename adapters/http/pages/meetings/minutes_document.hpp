// The minutes of a meeting as a Word document.
#pragma once

#include "adapters/files/docx.hpp"
#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// Says what the page `minutes` says, from the same model: nothing that is sealed or secret there is here.
docx::Document minutes_document(const View& view);

} // namespace cunmai::http::pages
