// Whatever a row of the book needs to be set: a fader, a switch, a menu or a line of text.
import QtQuick
import QtQuick.Layouts

Loader {
    id: editor
    property var item
    sourceComponent: !item ? null : item.count > 1 ? pair : item.kind === "switch" ? toggle : item.kind === "choice" ? menu
        : item.glides ? fader : line

    Component { id: fader; Fader { item: editor.item; vertical: false } }
    Component { id: toggle; Toggle { item: editor.item; text: on ? qsTr("on") : qsTr("off") } }
    Component { id: menu; Choice { item: editor.item } }
    Component { id: line; Field { item: editor.item; menu: true } }
    Component {
        id: pair
        RowLayout {
            Field { tip: editor.item.help; Accessible.name: editor.item.label + " " + editor.item.parts[0]; shown: "" + editor.item.value; Layout.fillWidth: true; onAccepted: editor.item.move([Number(text), editor.item.second]) }
            Field { tip: editor.item.help; Accessible.name: editor.item.label + " " + editor.item.parts[1]; shown: "" + editor.item.second; Layout.fillWidth: true; onAccepted: editor.item.move([editor.item.value, Number(text)]) }
        }
    }
}
