// Reads pairs of versions, a tab between, and says -1, 0 or 1 for each.
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.artifact.versioning.ComparableVersion;

class Maven {
    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] pair = line.split("\t", 2);
            int verdict = new ComparableVersion(pair[0]).compareTo(new ComparableVersion(pair[1]));
            System.out.println(Integer.signum(verdict));
        }
    }
}
