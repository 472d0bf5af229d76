# Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
[file] = System.argv()

for line <- File.stream!(file) do
  [a, b] = line |> String.trim_trailing("\n") |> String.split("\t")

  case {Version.parse(a), Version.parse(b)} do
    {{:ok, a}, {:ok, b}} -> IO.puts(%{lt: -1, eq: 0, gt: 1}[Version.compare(a, b)])
    _ -> IO.puts("?")
  end
end
