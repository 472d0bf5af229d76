"""Groups of artefacts whose archives do not say theirs: Gradle and Ant write no record.

Facts of the field, for families that are in many applications. A family is told by the name
up to a dash or the whole of it; the longest that fits decides.
"""

from __future__ import annotations

# Group, then names; a name that ends in "*" stands for all that begin so.
_FAMILIES = """
org.springframework spring-aop spring-aspects spring-beans spring-context spring-context-support
  spring-core spring-expression spring-instrument spring-jcl spring-jdbc spring-jms spring-messaging
  spring-orm spring-oxm spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc
  spring-websocket
org.springframework.boot spring-boot spring-boot-*
org.springframework.security spring-security-*
org.springframework.data spring-data-*
org.springframework.cloud spring-cloud-*
org.springframework.session spring-session-*
org.springframework.integration spring-integration-*
org.springframework.batch spring-batch-*
org.springframework.kafka spring-kafka spring-kafka-*
org.springframework.amqp spring-amqp spring-rabbit spring-rabbit-*
org.springframework.ws spring-ws-* spring-xml
org.springframework.ldap spring-ldap-*
org.springframework.hateoas spring-hateoas
org.springframework.plugin spring-plugin-*
org.springframework.retry spring-retry
org.springframework.graphql spring-graphql
io.projectreactor reactor-core reactor-test reactor-tools
io.projectreactor.netty reactor-netty reactor-netty-*
io.projectreactor.kafka reactor-kafka
io.micrometer micrometer-*
io.grpc grpc-*
io.netty netty-*
io.opentelemetry opentelemetry-*
org.jetbrains.kotlin kotlin-*
org.jetbrains.kotlinx kotlinx-*
com.squareup.okhttp3 okhttp okhttp-* logging-interceptor mockwebserver
com.squareup.okio okio okio-*
com.squareup.retrofit2 retrofit
org.apache.tomcat.embed tomcat-embed-*
org.apache.tomcat tomcat-annotations-api tomcat-jdbc tomcat-juli tomcat-catalina tomcat-coyote
org.apache.lucene lucene-*
org.apache.kafka kafka-clients kafka-streams kafka_2.11 kafka_2.12 kafka_2.13
org.elasticsearch elasticsearch elasticsearch-core elasticsearch-x-content elasticsearch-geo
  elasticsearch-cli elasticsearch-lz4 elasticsearch-secure-sm elasticsearch-plugin-classloader
org.elasticsearch.client elasticsearch-rest-client elasticsearch-rest-high-level-client
org.elasticsearch.plugin aggs-matrix-stats-client lang-mustache-client mapper-extras-client
  parent-join-client rank-eval-client
org.bouncycastle bcprov-* bcpkix-* bcutil-* bcpg-* bcmail-* bctls-*
org.scala-lang scala-library scala-reflect scala-compiler
org.apache.struts struts2-*
org.apache.velocity velocity-*
org.apache.ant ant ant-*
org.apache.poi poi poi-*
org.apache.xmlbeans xmlbeans
org.apache.shiro shiro-*
org.apache.cxf cxf-*
org.eclipse.jetty jetty-*
org.yaml snakeyaml
org.codehaus.jackson jackson-core-asl jackson-mapper-asl
com.graphql-java graphql-java java-dataloader
com.h2database h2
org.hsqldb hsqldb
org.postgresql postgresql
mysql mysql-connector-java
com.mysql mysql-connector-j
com.oracle.database.jdbc ojdbc8 ojdbc10 ojdbc11
com.google.inject guice guice-*
com.google.protobuf protobuf-java protobuf-java-util
com.thoughtworks.xstream xstream
com.fasterxml.jackson.core jackson-core jackson-databind jackson-annotations
org.slf4j slf4j-* jcl-over-slf4j jul-to-slf4j log4j-over-slf4j
ch.qos.logback logback-*
org.apache.logging.log4j log4j-*
org.apache.commons commons-text commons-lang3 commons-compress commons-csv commons-math3
  commons-collections4 commons-configuration2 commons-fileupload2-* commons-pool2 commons-dbcp2
  commons-email commons-exec commons-jexl3 commons-vfs2 commons-io-*
com.rabbitmq amqp-client
io.vertx vertx-*
io.quarkus quarkus-*
io.micronaut micronaut-*
io.ktor ktor-*
org.mockito mockito-*
net.bytebuddy byte-buddy byte-buddy-*
org.junit.jupiter junit-jupiter junit-jupiter-*
org.junit.platform junit-platform-*
org.apiguardian apiguardian-api
org.opentest4j opentest4j
org.reactivestreams reactive-streams
org.flywaydb flyway-*
org.liquibase liquibase-*
org.quartz-scheduler quartz quartz-jobs
com.zaxxer HikariCP
io.rsocket rsocket-*
com.netflix.hystrix hystrix-*
com.netflix.eureka eureka-*
org.gradle gradle-*
xalan xalan serializer
xerces xercesImpl
xml-apis xml-apis
aopalliance aopalliance
org.hamcrest hamcrest hamcrest-*
org.thymeleaf thymeleaf thymeleaf-*
com.jayway.jsonpath json-path
org.objenesis objenesis
org.aspectj aspectjweaver aspectjrt
net.java.dev.jna jna jna-platform
antlr antlr
org.ow2.asm asm-*
org.hibernate.common hibernate-commons-annotations
org.lz4 lz4-java
org.freemarker freemarker
org.checkerframework checker-qual
io.perfmark perfmark-api
oro oro
"""
# Before they moved to org.apache.commons these were named by their own name twice.
_NAMED_TWICE = """
commons-beanutils commons-cli commons-codec commons-collections commons-configuration
    commons-daemon commons-dbcp commons-digester commons-discovery commons-el commons-fileupload
    commons-httpclient commons-io commons-jxpath commons-lang commons-logging commons-net
    commons-pool commons-validator classworlds junit log4j jdom
"""
# Whose group changed with a version: name, first major version under the new group, old, new.
_MOVED = {
    "asm": (4, "asm", "org.ow2.asm"),
    "dom4j": (2, "dom4j", "org.dom4j"),
    "velocity": (1, "velocity", "org.apache.velocity"),
    "javassist": (3, "javassist", "org.javassist"),
    "hibernate-core": (6, "org.hibernate", "org.hibernate.orm"),
    "groovy": (4, "org.codehaus.groovy", "org.apache.groovy"),
    "struts-core": (1, "struts", "org.apache.struts"),
}


def _read(families: str) -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    group = ""
    for line in families.strip().splitlines():
        names = line.split()
        if not line.startswith(" "):
            group, *names = names
        for name in names:
            table = begun if name.endswith("*") else whole
            table[name.removesuffix("*")] = group
    return whole, begun


_WHOLE, _BEGUN = _read(_FAMILIES)
_TWICE = frozenset(_NAMED_TWICE.split())


def known_group(name: str, version: str) -> str:
    """The group of a well-known artefact, "" for any other."""
    if name in _MOVED:
        since, old, new = _MOVED[name]
        major = version.partition(".")[0]
        return new if major.isdigit() and int(major[:9]) >= since else old
    if name in _TWICE:
        return name
    if name in _WHOLE:
        return _WHOLE[name]
    parts = name.split("-")
    for end in range(len(parts) - 1, 0, -1):
        group = _BEGUN.get("-".join(parts[:end]) + "-")
        if group:
            return group
    return ""
