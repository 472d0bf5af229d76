//! Reads pairs of versions, a tab between, and says -1, 0 or 1 for each; "?" for an invalid one.
use semver::Version;

fn main() {
    let file = std::env::args().nth(1).expect("the file of pairs");
    for line in std::fs::read_to_string(file).expect("it can be read").lines() {
        let (a, b) = line.split_once('\t').expect("a tab");
        match (Version::parse(a), Version::parse(b)) {
            (Ok(a), Ok(b)) => println!("{}", a.cmp_precedence(&b) as i8),
            _ => println!("?"),
        }
    }
}
