# Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
File.foreach(ARGV[0], chomp: true) do |line|
  pair = line.split("\t", 2)
  valid = pair.all? { |text| Gem::Version.correct?(text) }
  puts valid ? Gem::Version.new(pair[0]) <=> Gem::Version.new(pair[1]) : "?"
end
