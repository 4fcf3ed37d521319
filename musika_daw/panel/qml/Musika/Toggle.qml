// A button that stays down: bound to a switch of the book.
import QtQuick

Button {
    id: toggle
    property var item
    property color lit: Theme.accent

    readonly property bool on: item ? item.value === true : false
    tint: on ? lit : Theme.raised
    ink: on ? Theme.ground : Theme.text
    tip: item ? item.help : ""
    Accessible.role: Accessible.CheckBox
    Accessible.name: item ? item.label : text
    Accessible.checked: on
    onClicked: if (item) item.move(!on)
    learns: item
}
