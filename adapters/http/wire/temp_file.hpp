// A file that is deleted with its object, for bodies too large for memory and for answers made before they are sent. It
// lies in <data folder>/tmp and only the server's own user can read it.
#pragma once

#include <string>

namespace cunmai::http {

class TempFile {
  public:
    explicit TempFile(const std::string& data_dir); // empty; throws engine::StoreUnavailable when it can't be made
    ~TempFile();
    TempFile(TempFile&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
    TempFile& operator=(TempFile&&) = delete;
    TempFile(const TempFile&) = delete;

    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// Deletes files that killed servers have left behind. Called at start. Files younger than a day may belong to other
// servers and stay.
void remove_old_temp_files(const std::string& data_dir);

} // namespace cunmai::http
