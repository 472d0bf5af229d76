// Each `ruleid:` is followed by a line that the rule must report; all other lines it must not.
import java.io.*;
import java.net.*;
import java.security.MessageDigest;
import java.sql.*;
import javax.crypto.Cipher;
import javax.servlet.http.HttpServletRequest;
import javax.xml.parsers.DocumentBuilderFactory;

class Sample {
    void commands(Runtime runtime, String name) throws Exception {
        // ruleid: vigie.java.command-injection
        runtime.exec("ls " + name);
        // ruleid: vigie.java.command-injection
        new ProcessBuilder("sh", "-c", name);
        new ProcessBuilder("ls", name);
    }

    void statements(Statement statement, Connection connection, String name) throws Exception {
        // ruleid: vigie.java.sql-injection
        statement.executeQuery("SELECT * FROM t WHERE name = '" + name + "'");
        connection.prepareStatement("SELECT * FROM t WHERE name = ?");
    }

    void read(InputStream data) throws Exception {
        ObjectInputStream in = new ObjectInputStream(data);
        // ruleid: vigie.java.unsafe-deserialisation
        in.readObject();
    }

    void handle(HttpServletRequest request) throws Exception {
        String name = request.getParameter("name");
        // ruleid: vigie.java.path-traversal
        new File("/srv/" + name);
        new File("/srv/fixed");
        // ruleid: vigie.java.ssrf
        new URL(name);
        new URL("https://bank.example");
    }

    void keep() throws Exception {
        // ruleid: vigie.java.weak-hash
        MessageDigest.getInstance("MD5");
        MessageDigest.getInstance("SHA-256");
        // ruleid: vigie.java.weak-cipher
        Cipher.getInstance("AES/ECB/PKCS5Padding");
        Cipher.getInstance("AES/GCM/NoPadding");
    }

    void connect(javax.net.ssl.HttpsURLConnection connection) {
        // ruleid: vigie.java.tls-verification-off
        connection.setHostnameVerifier((host, session) -> true);
    }

    void parse() throws Exception {
        // ruleid: vigie.java.unsafe-xml
        DocumentBuilderFactory careless = DocumentBuilderFactory.newInstance();
    }

    void parseWell() throws Exception {
        DocumentBuilderFactory careful = DocumentBuilderFactory.newInstance();
        careful.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    }
}
