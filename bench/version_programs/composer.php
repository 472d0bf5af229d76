<?php
// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
require $argv[1];
$parser = new Composer\Semver\VersionParser();
foreach (file($argv[2], FILE_IGNORE_NEW_LINES) as $line) {
    try {
        [$a, $b] = array_map([$parser, 'normalize'], explode("\t", $line));
    } catch (UnexpectedValueException $refused) {
        echo "?\n";
        continue;
    }
    if (Composer\Semver\Comparator::lessThan($a, $b)) {
        echo "-1\n";
    } elseif (Composer\Semver\Comparator::greaterThan($a, $b)) {
        echo "1\n";
    } else {
        echo Composer\Semver\Comparator::equalTo($a, $b) ? "0\n" : "?\n";
    }
}
