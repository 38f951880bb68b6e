// The few pages that one workflow has for itself: its presentation names them by these keys, and
// adapters/http/pages/special_pages.cpp says where each is.
#pragma once

#include <string_view>

namespace cunmai::workflows::special_pages {

inline constexpr std::string_view self_check_form = "self_check_form";
inline constexpr std::string_view self_check_answers = "self_check_answers";
inline constexpr std::string_view meeting = "meeting";
inline constexpr std::string_view meetings = "meetings";
inline constexpr std::string_view prescription_board = "prescription_board";
inline constexpr std::string_view prescription_sheet = "prescription_sheet";
inline constexpr std::string_view round = "round";
inline constexpr std::string_view rounds = "rounds";
inline constexpr std::string_view new_round = "new_round";

} // namespace cunmai::workflows::special_pages
