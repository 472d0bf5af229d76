"""The shop's pages. Vulnerable on purpose."""

from flask import Flask, redirect, render_template_string, request

from app import orders, pictures, sessions

app = Flask(__name__)


@app.route("/")
def home():
    # Whatever stands in the address becomes part of the template.
    greeting = "<h1>Hello " + request.args.get("name", "guest") + "</h1>"
    return render_template_string(greeting)


@app.route("/orders")
def list_orders():
    customer = request.args.get("customer", "")
    return {"orders": orders.find(customer)}


@app.route("/discount")
def discount():
    return str(eval(request.args.get("formula", "0")))


@app.route("/picture")
def picture():
    return pictures.read(request.args.get("file", ""))


@app.route("/thumbnail")
def thumbnail():
    pictures.shrink(request.args.get("file", ""))
    return "done"


@app.route("/basket")
def basket():
    return sessions.load(request.cookies.get("basket", ""))


@app.route("/leave")
def leave():
    return redirect(request.args.get("to", "/"))


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080, debug=True)
