# Reads pairs of Debian versions, a tab between, and says -1, 0 or 1 for each.
while IFS="$(printf '\t')" read -r a b; do
    if ! dpkg --validate-version "$a" 2>&1 >/dev/null | grep -q . &&
        ! dpkg --validate-version "$b" 2>&1 >/dev/null | grep -q .; then
        if dpkg --compare-versions "$a" lt "$b"; then
            echo -1
        elif dpkg --compare-versions "$a" eq "$b"; then
            echo 0
        else
            echo 1
        fi
    else
        echo '?'
    fi
done <"$1"
