# Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one,
# and for numbers of more digits than R takes.
file <- commandArgs(trailingOnly = TRUE)[1]
for (line in readLines(file)) {
  pair <- strsplit(line, "\t", fixed = TRUE)[[1]]
  if (!all(grepl("^[0-9]{1,9}([.-][0-9]{1,9})*$", pair))) {
    cat("?\n")
    next
  }
  cat(utils::compareVersion(pair[1], pair[2]), "\n", sep = "")
}
