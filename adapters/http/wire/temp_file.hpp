// A file for as long as somebody needs it: bodies too large for memory, and answers made before they are sent. Readable
// by the server's own user only, in <data folder>/tmp.
#pragma once

#include <string>

namespace cunmai::http {

class TempFile {
  public:
    explicit TempFile(const std::string& data_dir); // made empty; throws engine::StoreUnavailable when the disk refuses
    ~TempFile();
    TempFile(TempFile&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    TempFile& operator=(TempFile&&) = delete;
    TempFile(const TempFile&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// What a server that was killed left behind. Called at start; leaves files younger than a day to other servers.
void remove_old_temp_files(const std::string& data_dir);

} // namespace cunmai::http
