#include "adapters/files/xlsx.hpp"

#include "engine/ports.hpp"
#include "engine/text.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <stdexcept>

namespace cunmai::xlsx {

namespace {

constexpr std::size_t cell_bytes_max = 32'000; // Excel takes 32,767 characters
constexpr std::uint8_t a4 = 9;

void check(lxw_error error) {
    if (error != LXW_NO_ERROR)
        throw engine::StoreUnavailable(std::string("can't write a workbook: ") + lxw_strerror(error));
}

} // namespace

std::string harmless(std::string_view text) {
    auto cell = for_xml(text);
    if (cell.size() > cell_bytes_max) {
        auto end = cell_bytes_max;
        while ((static_cast<unsigned char>(cell[end]) & 0xC0) == 0x80) --end;
        cell.resize(end);
    }
    // the last four are the same signs in full width
    for (const auto* sign : {"=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"})
        if (cell.starts_with(sign)) return "'" + cell;
    return cell;
}

Workbook::Workbook(const std::string& file, const std::string& folder, const std::string& title)
    : file_(file), folder_(folder) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    book_ = workbook_new_opt(file_.c_str(), &options);
    if (!book_) throw engine::StoreUnavailable("can't make a workbook");
    auto name = for_xml(title);
    lxw_doc_properties properties{};
    properties.title = name.data();
    workbook_set_properties(book_, &properties);
    head_ = workbook_add_format(book_);
    format_set_bold(head_);
    format_set_text_wrap(head_);
    format_set_align(head_, LXW_ALIGN_VERTICAL_TOP);
    format_set_bg_color(head_, 0xE4E9EB);
    text_ = workbook_add_format(book_);
    format_set_num_format(text_, "@"); // what is typed there later stays text as well
    format_set_text_wrap(text_);
    format_set_align(text_, LXW_ALIGN_VERTICAL_TOP);
}

Workbook::~Workbook() {
    if (book_) workbook_close(book_); // closes and frees what it has; the file is of no use then
}

void Workbook::sheet(const std::string& name, const std::vector<Column>& columns) {
    end_sheet();
    sheet_ = workbook_add_worksheet(book_, name.c_str());
    if (!sheet_) throw std::invalid_argument("no name of a sheet: " + name);
    columns_ = columns.size();
    rows_ = 0;
    has_head_ = std::any_of(columns.begin(), columns.end(), [](const Column& one) { return !one.heading.empty(); });
    std::vector<std::string> head;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const auto column = static_cast<lxw_col_t>(at);
        check(worksheet_set_column(sheet_, column, column, columns[at].width, nullptr));
        head.push_back(columns[at].heading);
    }
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, a4);
    worksheet_fit_to_pages(sheet_, 1, 0);
    if (!has_head_) return;
    write(head, head_);
    worksheet_freeze_panes(sheet_, 1, 0);
    check(worksheet_repeat_rows(sheet_, 0, 0));
}

void Workbook::write(const std::vector<std::string>& cells, lxw_format* format) {
    for (std::size_t at = 0; at < cells.size(); ++at)
        check(worksheet_write_string(sheet_, rows_, static_cast<lxw_col_t>(at), harmless(cells[at]).c_str(), format));
    ++rows_;
}

void Workbook::row(const std::vector<std::string>& cells) { write(cells, text_); }

void Workbook::end_sheet() {
    if (sheet_ && has_head_)
        check(worksheet_autofilter(sheet_, 0, 0, std::max(rows_, 1U) - 1, static_cast<lxw_col_t>(columns_ - 1)));
}

void Workbook::close() {
    end_sheet();
    check(workbook_close(std::exchange(book_, nullptr)));
}

} // namespace cunmai::xlsx
